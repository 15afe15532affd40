import dev.broadcast.api.stream.Progress;
import dev.broadcast.api.stream.Sources;
import dev.broadcast.node.BroadcastNode;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A program with jobs, and a node within it. Arguments: its port, then flags of the node. */
class Jobs {
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    String[] flags = Arrays.copyOfRange(args, 1, args.length);
    Path examples = Path.of(System.getProperty("java.class.path")).resolve("../../../examples");
    String pages = examples.normalize().toString();
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    BroadcastNode node = BroadcastNode.mount(vertx, router, "/live", flags).join();
    ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();

    router.get("/").handler(request -> request.response().sendFile(pages + "/progress/index.html"));
    router.get("/style.css").handler(request -> request.response().sendFile(pages + "/style.css"));
    router
        .post("/jobs")
        .handler(
            request -> {
              String job = Long.toString(System.nanoTime(), 36);
              node.broadcaster()
                  .progress(job, Sources.iterate(work(), Duration.ofMillis(200), worker));
              request.end(job);
            });
    vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1");
  }

  /** What a real job would tell while it works. */
  private static List<Progress> work() {
    List<Progress> steps = new ArrayList<>();
    for (int done = 0; done < 100; done += 4) {
      steps.add(Progress.running(done, "page " + (done + 1) + " of 100"));
    }
    steps.add(Progress.complete("all 100 pages are printed"));
    return steps;
  }
}
