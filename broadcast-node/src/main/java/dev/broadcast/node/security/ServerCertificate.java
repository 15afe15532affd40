package dev.broadcast.node.security;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate chain and its private key, as two files hold them at one moment. That they belong
 * together is checked here, since a server that cannot finish a handshake should not begin one.
 */
public final class ServerCertificate {
  private static final byte[] PROBE = {1, 2, 3};

  private final byte[] chain;
  private final byte[] key;

  private ServerCertificate(byte[] chain, byte[] key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads and checks.
   *
   * @throws IllegalArgumentException naming the flag of the file that is wrong
   */
  public static ServerCertificate read(String chainFile, String keyFile) {
    ServerCertificate read =
        new ServerCertificate(bytes("--tls-cert", chainFile), bytes("--tls-key", keyFile));
    read.check();
    return read;
  }

  /** For a server. */
  public PemKeyCertOptions options() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(chain))
        .addKeyValue(Buffer.buffer(key));
  }

  /** Whether both hold the same bytes. */
  public boolean sameAs(ServerCertificate other) {
    return Arrays.equals(chain, other.chain) && Arrays.equals(key, other.key);
  }

  private void check() {
    X509Certificate[] certificates;
    PrivateKey secret;
    try {
      X509KeyManager manager = manager();
      String alias = manager.getPrivateKey("dummy-entry") != null ? "dummy-entry" : alias(manager);
      certificates = manager.getCertificateChain(alias);
      secret = manager.getPrivateKey(alias);
    } catch (Exception e) { // Whatever the reading of PEM throws; its message may quote the key.
      throw new IllegalArgumentException(
          "--tls-cert: a certificate chain, and in --tls-key its private key without a password,"
              + " both as PEM, expected");
    }
    if (certificates == null || certificates.length == 0 || secret == null) {
      throw new IllegalArgumentException("--tls-cert: a certificate chain as PEM expected");
    }
    if (!belongTogether(certificates[0].getPublicKey(), secret)) {
      throw new IllegalArgumentException("--tls-key: this is not the key of --tls-cert");
    }
  }

  private X509KeyManager manager() throws Exception {
    for (KeyManager manager : options().getKeyManagerFactory(null).getKeyManagers()) {
      if (manager instanceof X509KeyManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no key");
  }

  private static String alias(X509KeyManager manager) {
    for (String type : new String[] {"RSA", "EC", "Ed25519", "EdDSA"}) {
      String[] aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return aliases[0];
      }
    }
    throw new IllegalArgumentException("no key");
  }

  private static boolean belongTogether(PublicKey shown, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] bytes(String flag, String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(flag + ": the file " + file + " cannot be read", e);
    }
  }
}
