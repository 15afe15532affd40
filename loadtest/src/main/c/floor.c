/*
 * floor: the least a program can do that fans events out, and so what a server's cost is measured against.
 *
 * One thread, one epoll set. A GET becomes a stream: it gets a text/event-stream head and its socket is kept.
 * Any other request is a publish: its body becomes one event. All events of a topic (?topic=NAME) read in one
 * turn of the loop leave as one send(2) per stream, which is what any server that batches would do at best.
 *
 * What it leaves out on purpose: routing, ids, history, heartbeats, limits, bodies with line breaks
 * (the benchmark sends none). What it keeps, because a floor that loses messages measures nothing: bytes a
 * full socket did not take wait and leave when the socket can be written again.
 *
 *   floor PORT        listens on 127.0.0.1:PORT; 0 picks a port; prints where
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_A_TURN = 1024, REQUEST_LIMIT = 1 << 20, BUCKETS = 4096 };

struct bytes {
  char *at;
  size_t length, capacity;
};

struct topic {
  char *name;
  struct topic *next_in_bucket, *next_in_turn;
  struct peer **streams;
  size_t stream_count, stream_capacity;
  struct bytes turn; /* the events of this turn of the loop */
};

struct peer {
  int fd;
  struct topic *topic; /* whose stream it is, NULL while it is none */
  size_t slot;         /* its place among the topic's */
  struct bytes request; /* read, not yet understood */
  struct bytes unsent;  /* accepted for this stream, not yet taken by its socket */
};

static int epoll_set;
static struct topic *topics[BUCKETS];
static struct topic *published; /* topics with events in this turn */

static const char STREAM_HEAD[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n";
static const char PUBLISHED[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static void give_up(const char *what) {
  perror(what);
  exit(1);
}

static void reserve(struct bytes *bytes, size_t more) {
  if (bytes->length + more <= bytes->capacity) return;
  size_t capacity = bytes->capacity ? bytes->capacity : 256;
  while (capacity < bytes->length + more) capacity *= 2;
  bytes->at = realloc(bytes->at, capacity);
  if (!bytes->at) give_up("realloc");
  bytes->capacity = capacity;
}

static void append(struct bytes *bytes, const char *from, size_t length) {
  reserve(bytes, length);
  memcpy(bytes->at + bytes->length, from, length);
  bytes->length += length;
}

static void drop_front(struct bytes *bytes, size_t length) {
  bytes->length -= length;
  memmove(bytes->at, bytes->at + length, bytes->length);
}

static void watch(struct peer *peer, int operation, bool writable) {
  struct epoll_event event = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = peer};
  if (epoll_ctl(epoll_set, operation, peer->fd, &event) < 0) give_up("epoll_ctl");
}

static void forget(struct peer *peer) {
  struct topic *topic = peer->topic;
  if (topic) {
    struct peer *last = topic->streams[--topic->stream_count];
    topic->streams[peer->slot] = last;
    last->slot = peer->slot;
  }
  close(peer->fd);
  free(peer->request.at);
  free(peer->unsent.at);
  free(peer);
}

/* A broken socket is not handled here: epoll reports it in the next turn, and reading it ends it. */
static void write_to(struct peer *peer, const char *from, size_t length) {
  if (peer->unsent.length) {
    append(&peer->unsent, from, length);
    return;
  }
  ssize_t taken = send(peer->fd, from, length, MSG_NOSIGNAL);
  if (taken < 0) {
    if (errno != EAGAIN && errno != EINTR) return;
    taken = 0;
  }
  if ((size_t)taken < length) {
    append(&peer->unsent, from + taken, length - taken);
    watch(peer, EPOLL_CTL_MOD, true);
  }
}

static void write_unsent(struct peer *peer) {
  ssize_t taken = send(peer->fd, peer->unsent.at, peer->unsent.length, MSG_NOSIGNAL);
  if (taken > 0) drop_front(&peer->unsent, taken);
  if (!peer->unsent.length) watch(peer, EPOLL_CTL_MOD, false);
}

/* The topic that a request's first line names; "" when it names none. */
static struct topic *topic_of(const char *line) {
  size_t length = strcspn(line, "\r"), hash = 5381, name_length = 0;
  const char *name = memmem(line, length, "topic=", 6);
  if (name) {
    name += 6;
    name_length = strcspn(name, "& \r");
  }
  for (size_t i = 0; i < name_length; i++) hash = hash * 33 + (unsigned char)name[i];
  struct topic **bucket = &topics[hash % BUCKETS], *topic;
  for (topic = *bucket; topic; topic = topic->next_in_bucket)
    if (!strncmp(topic->name, name ? name : "", name_length) && !topic->name[name_length]) return topic;
  topic = calloc(1, sizeof *topic);
  if (!topic || !(topic->name = strndup(name ? name : "", name_length))) give_up("calloc");
  topic->next_in_bucket = *bucket;
  return *bucket = topic;
}

static void become_stream(struct peer *peer, struct topic *topic) {
  if (peer->topic) return;
  if (topic->stream_count == topic->stream_capacity) {
    topic->stream_capacity = topic->stream_capacity ? 2 * topic->stream_capacity : 8;
    topic->streams = realloc(topic->streams, topic->stream_capacity * sizeof *topic->streams);
    if (!topic->streams) give_up("realloc");
  }
  peer->topic = topic;
  peer->slot = topic->stream_count;
  topic->streams[topic->stream_count++] = peer;
  write_to(peer, STREAM_HEAD, sizeof STREAM_HEAD - 1);
}

static void publish(struct peer *peer, struct topic *topic, const char *body, size_t length) {
  if (!topic->turn.length) {
    topic->next_in_turn = published;
    published = topic;
  }
  append(&topic->turn, "data: ", 6);
  append(&topic->turn, body, length);
  append(&topic->turn, "\n\n", 2);
  write_to(peer, PUBLISHED, sizeof PUBLISHED - 1);
}

static size_t content_length(const char *head, const char *end) {
  const char *field = strcasestr(head, "\r\ncontent-length:");
  return field && field < end ? strtoul(field + 17, NULL, 10) : 0;
}

/* Answers one whole request and takes it off the buffer; false when it is not all there yet. */
static bool answer_request(struct peer *peer) {
  struct bytes *request = &peer->request;
  if (!request->length) return false;
  reserve(request, 1);
  request->at[request->length] = 0;
  char *end = strstr(request->at, "\r\n\r\n");
  if (!end) return false;
  size_t head = end + 4 - request->at;
  size_t body = content_length(request->at, end);
  if (request->length < head + body) return false;
  struct topic *topic = topic_of(request->at);
  if (!strncmp(request->at, "GET ", 4)) become_stream(peer, topic);
  else publish(peer, topic, request->at + head, body);
  drop_front(request, head + body);
  return true;
}

static bool read_from(struct peer *peer) {
  reserve(&peer->request, 4096);
  struct bytes *request = &peer->request;
  ssize_t got = recv(peer->fd, request->at + request->length, request->capacity - request->length, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  request->length += got;
  while (answer_request(peer)) {
  }
  if (peer->topic && !request->length) { /* a stream has nothing more to say: give the memory back */
    free(request->at);
    *request = (struct bytes){0};
  }
  return request->length < REQUEST_LIMIT;
}

static void accept_all(int listener) {
  int fd, on = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer) give_up("calloc");
    peer->fd = fd;
    watch(peer, EPOLL_CTL_ADD, false);
  }
}

/* Sends what this turn of the loop published. */
static void end_turn(void) {
  for (struct topic *topic = published; topic; topic = topic->next_in_turn) {
    for (size_t i = 0; i < topic->stream_count; i++) write_to(topic->streams[i], topic->turn.at, topic->turn.length);
    topic->turn.length = 0;
  }
  published = NULL;
}

static int listen_on(int port) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0) give_up("bind");
  if (listen(listener, 4096) < 0) give_up("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: floor PORT\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll_set = epoll_create1(0);
  int listener = listen_on(atoi(arguments[1]));
  struct epoll_event accepting = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_set, EPOLL_CTL_ADD, listener, &accepting);
  static struct epoll_event ready[EVENTS_A_TURN];
  for (;;) {
    int number = epoll_wait(epoll_set, ready, EVENTS_A_TURN, -1);
    for (int i = 0; i < number; i++) {
      struct peer *peer = ready[i].data.ptr;
      if (!peer) {
        accept_all(listener);
        continue;
      }
      if (ready[i].events & EPOLLOUT) write_unsent(peer);
      if (ready[i].events & ~EPOLLOUT && !read_from(peer)) forget(peer);
    }
    end_turn();
  }
}
