package dev.broadcast.loadtest.spring.mvc;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** Starts it; {@code --server.port=0} picks a port. */
@SpringBootApplication
public class SpringMvcMain {
  /** Starts it and prints where it listens. */
  public static void main(String[] arguments) {
    SpringApplication.run(SpringMvcMain.class, arguments);
  }

  @EventListener
  void listening(ServletWebServerInitializedEvent event) {
    System.out.println("listening on http://127.0.0.1:" + event.getWebServer().getPort());
  }
}
