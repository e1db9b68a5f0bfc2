package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.table.StructValue;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Distinguished names as structures. */
final class X509Names {

    /** Members of the structure by the type of their part of a name, in the order of the name. */
    private static final SequencedMap<String, String> MEMBERS = members();

    private X509Names() {}

    private static SequencedMap<String, String> members() {
        SequencedMap<String, String> members = new LinkedHashMap<>();
        members.put("CN", "common_name");
        members.put("OU", "unit");
        members.put("O", "organisation");
        members.put("L", "location");
        members.put("ST", "state");
        members.put("C", "country");
        return members;
    }

    /** The structure of a name; parts that it has no member for are left out. */
    static StructValue told(Call call, String distinguishedName) {
        Map<String, Object> told = new LinkedHashMap<>();
        try {
            for (Rdn part : new LdapName(distinguishedName).getRdns()) {
                String member = MEMBERS.get(part.getType().toUpperCase(Locale.ROOT));
                if (member != null) {
                    told.put(member, part.getValue().toString());
                }
            }
        } catch (InvalidNameException e) {
            told.put("common_name", distinguishedName);
        }
        return new StructValue(call.api().struct("X509Name"), told);
    }

    /** The name that a structure stands for. */
    static String written(StructValue structure) {
        StringJoiner parts = new StringJoiner(",");
        MEMBERS.forEach(
                (type, member) -> {
                    String value = structure.text(member);
                    if (!value.isEmpty()) {
                        parts.add(type + "=" + Rdn.escapeValue(value));
                    }
                });
        return parts.toString();
    }
}
