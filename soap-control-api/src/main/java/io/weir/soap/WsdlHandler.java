package io.weir.soap;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.soap.table.Api;
import io.weir.soap.table.Tables;
import io.weir.soap.wsdl.Wsdl;

import java.util.List;

/**
 * The descriptions of the interfaces: {@code /wsdl/Pool.wsdl} as existing clients know them, {@code
 * /wsdl/literal/Pool.wsdl} for modern clients, and a list of them at {@code /wsdl}.
 */
final class WsdlHandler implements AdminHandler {

    private static final String SUFFIX = ".wsdl";

    @Override
    public AdminResponse handle(AdminRequest request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return AdminResponse.problem(405, "expected GET").with("Allow", "GET, HEAD");
        }
        Tables tables = Loaded.TABLES;
        List<String> path = request.segments("/wsdl");
        if (path.isEmpty()) {
            return AdminResponse.text(200, "text/plain", list(tables));
        }
        boolean literal = path.size() == 2 && path.getFirst().equals("literal");
        String file = path.getLast();
        Api api =
                (literal || path.size() == 1) && file.endsWith(SUFFIX)
                        ? tables.byFile().get(file.substring(0, file.length() - SUFFIX.length()))
                        : null;
        if (api == null) {
            return AdminResponse.problem(404, "there is no such description, see /wsdl");
        }
        String host = request.header("Host");
        String address =
                (request.secure() ? "https://" : "http://")
                        + (host == null ? "localhost" : host)
                        + "/soap";
        return AdminResponse.text(
                200, "text/xml", literal ? Wsdl.literal(api, address) : Wsdl.encoded(api, address));
    }

    private static String list(Tables tables) {
        StringBuilder list = new StringBuilder();
        for (String name : tables.byFile().keySet()) {
            list.append("/wsdl/").append(name).append(SUFFIX).append('\n');
        }
        for (String name : tables.byFile().keySet()) {
            list.append("/wsdl/literal/").append(name).append(SUFFIX).append('\n');
        }
        return list.toString();
    }

    /** Read by the first request. */
    private static final class Loaded {
        static final Tables TABLES = Tables.load();
    }
}
