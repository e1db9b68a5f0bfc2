package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A service protection class: who may connect, how often, and what requests may look like. Keys and
 * defaults follow ZXTM's protection catalogue; 0 means "no limit".
 *
 * @param enabled whether anything is checked
 * @param testing whether what would be refused is only counted and logged
 * @param debug whether each refusal is logged on a line of its own as well
 * @param logTime refusals of this time are reported together; zero for each by itself
 * @param rule name of the rule that runs before the request rules; null for none
 * @param allowed blocks that the limits on connections and rates do not hold for
 * @param banned blocks whose connections are closed at once
 * @param max1Connections open connections of one address
 * @param max10Connections open connections of the ten busiest addresses together
 * @param minConnections up to which an address does not count among the ten
 * @param maxConnectionRate connections, and further requests on them, of one address within {@code
 *     rateTimer}
 * @param subnetPrefixV6 leading bits of an IPv6 address that count as one address
 * @param maxAddresses addresses remembered
 * @param checkRfc2396 whether URLs may have the characters of RFC 2396 only
 * @param maxHeaderLength of one field, name and value
 * @param maxRequestLength of the whole head
 * @param rejectBinary whether control characters and bytes above 126 are refused
 * @param sendErrorPage whether a refused request is answered; else its connection is closed
 * @param note for people
 */
public record ProtectionConfig(
        String name,
        boolean enabled,
        boolean testing,
        boolean debug,
        Duration logTime,
        @Nullable String rule,
        List<String> allowed,
        List<AddressFile> allowedFiles,
        List<String> banned,
        List<AddressFile> bannedFiles,
        int max1Connections,
        int max10Connections,
        int minConnections,
        int maxConnectionRate,
        Duration rateTimer,
        int subnetPrefixV6,
        int maxAddresses,
        boolean checkRfc2396,
        int maxUrlLength,
        int maxHeaderLength,
        int maxRequestLength,
        long maxBodyLength,
        boolean rejectBinary,
        boolean sendErrorPage,
        @Nullable String note) {

    public ProtectionConfig {
        allowed = List.copyOf(allowed);
        allowedFiles = List.copyOf(allowedFiles);
        banned = List.copyOf(banned);
        bannedFiles = List.copyOf(bannedFiles);
    }

    /**
     * A file with address blocks, and what stood in it.
     *
     * @param blocks in the order of the file
     */
    public record AddressFile(Path file, List<String> blocks) {
        public AddressFile {
            blocks = List.copyOf(blocks);
        }
    }
}
