package io.weir.signin;

import io.weir.cert.BadCertificateException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Short questions to a provider, with bounded answers. No redirect is followed. */
final class ProviderHttp {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 1 << 20;

    private final HttpClient client;

    /**
     * @param authorities that its certificate may be from (PEM); null for those of the platform
     */
    ProviderHttp(@Nullable Path authorities) throws ProviderException {
        try {
            client =
                    HttpClient.newBuilder()
                            .connectTimeout(PATIENCE)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(Trust.context(authorities))
                            .build();
        } catch (BadCertificateException | GeneralSecurityException e) {
            throw ProviderException.away(String.valueOf(e.getMessage()), e);
        }
    }

    String get(URI address) throws ProviderException, InterruptedException {
        return send(HttpRequest.newBuilder(checked(address)).GET());
    }

    /**
     * Sends a form.
     *
     * @param authorization value of the field; null for none
     */
    String post(URI address, @Nullable String authorization, String form)
            throws ProviderException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(checked(address))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        return send(
                authorization == null ? request : request.header("Authorization", authorization));
    }

    /** Secrets travel in clear to nobody but this machine itself. */
    private static URI checked(URI address) throws ProviderException {
        String host = String.valueOf(address.getHost());
        boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        if (!"https".equals(address.getScheme()) && !("http".equals(address.getScheme()) && here)) {
            throw new ProviderException("the address " + address + " is none of https");
        }
        return address;
    }

    private String send(HttpRequest.Builder builder)
            throws ProviderException, InterruptedException {
        HttpRequest request =
                builder.timeout(PATIENCE).header("Accept", "application/json").build();
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes(MAX_ANSWER);
                if (response.statusCode() != 200) {
                    throw new ProviderException(
                            "the provider answers "
                                    + response.statusCode()
                                    + " at "
                                    + request.uri().getPath());
                }
                return new String(body, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw ProviderException.away("the provider cannot be asked: " + e, e);
        }
    }
}
