package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Webhook;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Sends each alert as an HTTP request in the format that the receiver understands. */
final class WebhookReceiver implements Receiver {

    private static final String SECRET_PREFIX = "whsec_";

    private final Webhook settings;
    private final WebhookFormat format;
    private final HttpSender http;

    WebhookReceiver(Webhook settings, String machine) throws UndeliverableException {
        this.settings = settings;
        this.format = WebhookFormat.of(settings, machine);
        Secret secretUrl = settings.secretUrl();
        String url = secretUrl == null ? settings.url() : secretUrl.reveal();
        this.http = new HttpSender(url == null ? format.url() : url, settings.caFile());
    }

    @Override
    public void send(List<Alert> alerts)
            throws IOException, UndeliverableException, InterruptedException {
        for (Alert alert : alerts) {
            for (WebhookFormat.Message message : format.messages(alert)) {
                http.post(message.way(), fields(alert, message), message.body());
            }
        }
    }

    private Map<String, String> fields(Alert alert, WebhookFormat.Message message)
            throws UndeliverableException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Content-Type", format.contentType());
        fields.put("User-Agent", "Weir");
        for (String header : settings.headers()) {
            int colon = header.indexOf(": ");
            fields.put(header.substring(0, colon), header.substring(colon + 2));
        }
        String authorization = format.authorization();
        if (authorization != null) {
            fields.put("Authorization", authorization);
        }
        Secret key = settings.signingKey();
        if (key != null) {
            String id = message.id();
            String time = Long.toString(alert.event().time().getEpochSecond());
            fields.put("webhook-id", id);
            fields.put("webhook-timestamp", time);
            fields.put(
                    "webhook-signature",
                    "v1," + signature(key.reveal(), id + "." + time + "." + message.body()));
        }
        return fields;
    }

    /** HMAC-SHA256 in Base64; a key that begins with {@code whsec_} is itself in Base64. */
    private static String signature(String key, String content) throws UndeliverableException {
        try {
            byte[] bytes =
                    key.startsWith(SECRET_PREFIX)
                            ? Base64.getDecoder().decode(key.substring(SECRET_PREFIX.length()))
                            : key.getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UndeliverableException("the signing key cannot be used");
        }
    }

    /** The value of a secret that the configuration has been checked to have. */
    static String reveal(@Nullable Secret secret) {
        return secret == null ? "" : secret.reveal();
    }

    @Override
    public void close() {
        http.close();
    }
}
