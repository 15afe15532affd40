import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.broadcast.api.Message;
import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.client.ClientSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A program that knows its users. It holds the keys; pages get tickets for their user's topic.
 * Arguments: its port, the node.
 */
class Notifications {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("java.class.path")).resolve("../../../examples").normalize();

  public static void main(String[] args) throws IOException {
    URI node = URI.create(args[1]);
    BroadcastClient client = new BroadcastClient(ClientSettings.of(node).key("writes"));
    HttpClient http = HttpClient.newHttpClient();
    InetSocketAddress here = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    HttpServer server = HttpServer.create(here, 0);
    server.createContext("/", request -> file(request, "notifications/index.html"));
    server.createContext("/style.css", request -> file(request, "style.css"));
    server.createContext(
        "/settings", request -> answer(request, 200, "{\"node\":\"" + node + "\"}"));
    server.createContext(
        "/ticket",
        request -> {
          // A real program takes the user from its own session, never from the query.
          String user = form(request.getRequestURI().getQuery()).get("user");
          HttpRequest sale =
              HttpRequest.newBuilder(node.resolve("/tickets"))
                  .header("Authorization", "Bearer reads")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"topics\":[\"user/" + user + "\"]}"))
                  .build();
          http.sendAsync(sale, BodyHandlers.ofString())
              .thenAccept(sold -> answer(request, sold.statusCode(), sold.body()))
              .join();
        });
    server.createContext(
        "/notify",
        request -> {
          Map<String, String> form = form(new String(request.getRequestBody().readAllBytes()));
          client
              .publish(
                  Message.builder(null, form.get("text")).topic("user/" + form.get("to")).build())
              .join();
          answer(request, 200, "{}");
        });
    server.start();
  }

  private static Map<String, String> form(String encoded) {
    Map<String, String> form = new HashMap<>();
    for (String pair : encoded.split("&")) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static void file(HttpExchange request, String name) throws IOException {
    request
        .getResponseHeaders()
        .set("Content-Type", name.endsWith("css") ? "text/css" : "text/html; charset=utf-8");
    answer(request, 200, Files.readString(EXAMPLES.resolve(name)));
  }

  private static void answer(HttpExchange request, int status, String text) {
    try (request) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      request.sendResponseHeaders(status, bytes.length);
      request.getResponseBody().write(bytes);
    } catch (IOException e) {
      // The page has gone.
    }
  }
}
