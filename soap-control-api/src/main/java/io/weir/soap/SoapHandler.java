package io.weir.soap;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.control.Author;
import io.weir.soap.call.Dispatcher;
import io.weir.soap.call.Peer;
import io.weir.soap.call.Services;
import io.weir.soap.cxf.CxfEndpoint;
import io.weir.soap.operations.AllOperations;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Set;

/** Hands requests for {@code /soap} to CXF. Safe for every thread that may wait. */
final class SoapHandler implements AdminHandler, AutoCloseable {

    /** One public client puts SOAP 1.1 into the media type of SOAP 1.2. */
    private static final Set<String> MEDIA_TYPES =
            Set.of("text/xml", "application/xml", "application/soap+xml", "");

    private final CxfEndpoint endpoint;

    private SoapHandler(CxfEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Reads the tables of operations and starts CXF, which takes its time. */
    static SoapHandler start(Services services) {
        Tables tables = Tables.load();
        return new SoapHandler(
                CxfEndpoint.start(new Dispatcher(tables, AllOperations.of(tables), services)));
    }

    @Override
    public AdminResponse handle(AdminRequest request) {
        if (!request.method().equals("POST")) {
            return AdminResponse.text(
                            405,
                            "text/plain",
                            "This is the SOAP control API: POST messages here, and find the"
                                    + " descriptions at /wsdl.\n")
                    .with("Allow", "POST");
        }
        String contentType = request.header("Content-Type");
        String[] words = (contentType == null ? "" : contentType).split(";", -1);
        String mediaType = words[0].strip().toLowerCase(Locale.ROOT);
        if (!MEDIA_TYPES.contains(mediaType)) {
            return AdminResponse.problem(415, "found another media type, expected text/xml");
        }
        String charset = charset(words);
        if (charset != null && !isKnown(charset)) {
            return AdminResponse.problem(415, "found an unknown charset, expected UTF-8");
        }
        CxfEndpoint.Reply reply = endpoint.call(request.body(), charset, peer(request));
        return AdminResponse.of(reply.status(), reply.contentType(), reply.body());
    }

    private static @Nullable String charset(String[] words) {
        for (String word : words) {
            String parameter = word.strip();
            if (parameter.regionMatches(true, 0, "charset=", 0, 8)) {
                return parameter.substring(8).replace("\"", "").strip();
            }
        }
        return null;
    }

    private static boolean isKnown(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return false;
        }
    }

    private static Peer peer(AdminRequest request) {
        return new Peer(Author.of(request.caller(), Author.Channel.SOAP), rights(request.caller()));
    }

    /** What a caller may do here: the same as everywhere else. */
    static Peer.Rights rights(Caller caller) {
        return (section, access) ->
                caller.allows(
                        section,
                        switch (access) {
                            case READ -> Permission.READ;
                            case CHANGE -> Permission.CHANGE;
                            case OPERATE -> Permission.OPERATE;
                        });
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
