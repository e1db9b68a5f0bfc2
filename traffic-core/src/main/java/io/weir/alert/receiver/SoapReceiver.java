package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Soap;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Calls {@code AlertCallback.eventOccurred} of a receiver, in SOAP 1.1 RPC/encoded (SOAP 1.1
 * section 5 and 7; the names and types are those of ZXTM's AlertCallback 1.0).
 */
final class SoapReceiver implements Receiver {

    private static final String NAMESPACE = "http://soap.zeus.com/zxtm/1.0/";
    private static final String ACTION = NAMESPACE + "AlertCallback/eventOccurred";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    /** The values of the WSDL's type {@code AlertCallback.Tag}. */
    private static final Set<String> TAGS = tags();

    /** Kinds of objects that the WSDL knows, among those that Weir has. */
    private static final Set<String> OBJECT_TYPES =
            Set.of(
                    "actions",
                    "auth",
                    "bandwidth",
                    "config",
                    "events",
                    "general",
                    "http",
                    "monitors",
                    "nodes",
                    "persistence",
                    "pools",
                    "protection",
                    "rate",
                    "rules",
                    "slm",
                    "trafficscript",
                    "vservers",
                    "zxtms");

    private final Soap settings;
    private final String machine;
    private final HttpSender http;

    SoapReceiver(Soap settings, String machine) throws UndeliverableException {
        this.settings = settings;
        this.machine = machine;
        this.http = new HttpSender(settings.url(), settings.caFile());
    }

    private static Set<String> tags() {
        try (InputStream in =
                Objects.requireNonNull(
                        SoapReceiver.class.getResourceAsStream("callback-tags.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The name of a tag in the WSDL. A receiver whose stubs were made from it could not read any
     * other one, so tags that only Weir has are {@code Unknown}.
     */
    static String tag(EventTag tag) {
        String name =
                switch (tag) {
                    case TESTACTION -> "testaction";
                    case CUSTOMEVENT -> "CustomEvent";
                    case INTERNALERROR -> "general_zxtmswerror";
                    default -> tag.section() + "_" + tag.keyword();
                };
        return TAGS.contains(name) ? name : "Unknown";
    }

    @Override
    public void send(List<Alert> alerts)
            throws IOException, UndeliverableException, InterruptedException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Content-Type", "text/xml; charset=utf-8");
        fields.put("SOAPAction", "\"" + ACTION + "\"");
        fields.put("User-Agent", "Weir");
        String user = settings.user();
        if (user != null) {
            fields.put(
                    "Authorization",
                    HttpSender.basic(user, WebhookReceiver.reveal(settings.password())));
        }
        for (Alert alert : alerts) {
            http.post("", fields, envelope(alert, machine, settings.additional()));
        }
    }

    static String envelope(Alert alert, String machine, String additional) {
        Event event = alert.event();
        StringBuilder out = new StringBuilder(2048);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"");
        out.append(" xmlns:enc=\"http://schemas.xmlsoap.org/soap/encoding/\"");
        out.append(" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"");
        out.append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"");
        out.append(" xmlns:zeusns=\"").append(NAMESPACE).append('"');
        out.append(" soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">");
        out.append("<soap:Body><ns1:eventOccurred xmlns:ns1=\"");
        out.append(NAMESPACE).append("AlertCallback/\">");
        part(out, "zxtm", "xsd:string", machine);
        part(out, "time", "xsd:dateTime", TIME.format(event.time()));
        part(out, "severity", "zeusns:AlertCallback.Severity", event.severity().name());
        part(out, "primary_tag", "zeusns:AlertCallback.Tag", tag(event.tag()));
        out.append("<tags xsi:type=\"enc:Array\" enc:arrayType=\"zeusns:AlertCallback.Tag[0]\"/>");
        objects(out, event.objects());
        part(out, "description", "xsd:string", event.text());
        part(out, "additional", "xsd:string", additional);
        part(out, "event_type", "xsd:string", alert.eventType());
        out.append("</ns1:eventOccurred></soap:Body></soap:Envelope>");
        return out.toString();
    }

    private static void objects(StringBuilder out, List<ObjectRef> objects) {
        out.append("<objects xsi:type=\"enc:Array\" enc:arrayType=\"zeusns:AlertCallback.Object[");
        out.append(objects.size()).append("]\">");
        for (ObjectRef object : objects) {
            out.append("<Item xsi:type=\"zeusns:AlertCallback.Object\">");
            String type = OBJECT_TYPES.contains(object.section()) ? object.section() : "Unknown";
            part(out, "type", "zeusns:AlertCallback.ObjectType", type);
            part(out, "name", "xsd:string", object.name());
            out.append("</Item>");
        }
        out.append("</objects>");
    }

    private static void part(StringBuilder out, String name, String type, @Nullable String value) {
        out.append('<').append(name).append(" xsi:type=\"").append(type).append("\">");
        escape(value == null ? "" : value, out);
        out.append("</").append(name).append('>');
    }

    /** Text for XML 1.0; characters that it cannot have become question marks. */
    private static void escape(String text, StringBuilder out) {
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '<' -> out.append("&lt;");
                                case '>' -> out.append("&gt;");
                                case '&' -> out.append("&amp;");
                                case '\r' -> out.append("&#13;");
                                default -> {
                                    boolean allowed =
                                            c == '\t'
                                                    || c == '\n'
                                                    || (c >= ' ' && c < 0xd800)
                                                    || (c >= 0xe000 && c < 0xfffe)
                                                    || c > 0xffff;
                                    out.appendCodePoint(allowed ? c : '?');
                                }
                            }
                        });
    }

    @Override
    public void close() {
        http.close();
    }
}
