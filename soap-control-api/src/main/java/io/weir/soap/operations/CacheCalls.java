package io.weir.soap.operations;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheQuery;
import io.weir.cache.Wildcard;
import io.weir.control.RefusedException;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Part;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The HTTP cache. Later versions of the interface only know more members, so all share this code.
 */
final class CacheCalls {

    /** What one answer holds at most, and what it holds when the client does not say. */
    private static final int MAX_ENTRIES = 10_000;

    private CacheCalls() {}

    static void register(Handlers handlers) {
        handlers.on("GlobalSettings.getWebcacheDisk", CacheCalls::isOnDisk);
        handlers.on("GlobalSettings.setWebcacheDisk", CacheCalls::keepOnDisk);
        for (String version : List.of("", "@1.0", "@1.1", "@1.2")) {
            String prefix = "System.Cache" + version + ".";
            handlers.on(prefix + "clearWebCache", call -> purge(call, CacheQuery.ALL));
            handlers.on(prefix + "getCacheContent", CacheCalls::content);
            handlers.on(prefix + "getGlobalCacheInfo", CacheCalls::figures);
            if (!version.equals("@1.0")) {
                handlers.on(prefix + "clearMatchingCacheContent", call -> purge(call, query(call)));
                handlers.on(prefix + "clearCacheContentItems", CacheCalls::clearItems);
            }
        }
    }

    private static boolean isOnDisk(Call call) {
        return call.draft().config().global().cache().diskSize() > 0;
    }

    /** Whether responses are kept on disk too; at first as much of them as in memory. */
    private static @Nullable Object keepOnDisk(Call call) throws SoapProblem {
        boolean shall = Boolean.TRUE.equals(call.arguments().getFirst());
        if (shall != isOnDisk(call)) {
            long size = call.draft().config().global().cache().size();
            call.draft()
                    .set(
                            "global",
                            null,
                            "cache.disk-size",
                            shall ? JsonNodeFactory.instance.numberNode(size) : null);
        }
        return null;
    }

    private static CacheQuery query(Call call) {
        if (call.arguments().isEmpty()) {
            return CacheQuery.ALL;
        }
        return new CacheQuery(
                null, secure(call.text(0)), wildcard(call.text(1)), wildcard(call.text(2)), null);
    }

    private static Wildcard wildcard(String text) {
        return text.isEmpty() || text.equals("*") ? Wildcard.ANY : new Wildcard(text);
    }

    private static @Nullable Boolean secure(String protocol) {
        return switch (protocol) {
            case "http" -> false;
            case "https" -> true;
            default -> null;
        };
    }

    private static @Nullable Object purge(Call call, CacheQuery query) throws SoapProblem {
        try {
            call.services().control().purgeCache(query, false, call.peer().author());
            return null;
        } catch (RefusedException e) {
            throw SoapProblem.untyped(e.problem().message());
        }
    }

    private static @Nullable Object clearItems(Call call) throws SoapProblem {
        List<String> servers = call.texts(0);
        for (String server : servers) {
            if (!call.draft().objects("virtual-servers").containsKey(server)) {
                throw SoapProblem.untyped("Unknown virtual server '" + server + "'");
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            purge(
                    call,
                    new CacheQuery(
                            servers.get(i),
                            secure(call.texts(1).get(i)),
                            Wildcard.exactly(call.texts(2).get(i)),
                            Wildcard.exactly(call.texts(3).get(i)),
                            null));
        }
        return null;
    }

    private static Object content(Call call) {
        long asked = call.arguments().size() > 3 ? call.number(3) : 0;
        int max = asked <= 0 ? MAX_ENTRIES : (int) Math.min(asked, MAX_ENTRIES);
        CacheContents.Listing found = call.services().control().cache().find(query(call), max);
        SoapType.Struct type = call.type("CacheContent");
        List<StructValue> items = new ArrayList<>();
        Instant now = call.services().ticker().now();
        for (CacheContents.Item item : found.items()) {
            items.add(item(type, item, now));
        }
        return StructValue.of(
                call.type("CacheContentInfo"), found.matching(), found.bytes(), items);
    }

    private static StructValue item(SoapType.Struct type, CacheContents.Item item, Instant now) {
        Map<String, Object> known = new HashMap<>();
        known.put("virtual_server", item.virtualServer());
        known.put("protocol", item.secure() ? "https" : "http");
        known.put("host", item.host());
        known.put("path", item.target());
        known.put("time_used", now.minusSeconds(item.unusedSeconds()));
        known.put("time_expires", now.plusSeconds(item.freshSeconds()));
        known.put("hits", item.hits());
        known.put("optimized", false);
        known.put("num_variants", 1L);
        known.put("response_code", (long) item.status());
        known.put("versions", List.of());
        known.put("varys", item.variant().isEmpty() ? List.of() : List.of(item.variant()));
        known.put("browsers", List.of());
        return chosen(type, known);
    }

    private static StructValue chosen(SoapType.Struct type, Map<String, Object> known) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Part part : type.members()) {
            members.put(part.name(), Objects.requireNonNull(known.get(part.name()), part.name()));
        }
        return new StructValue(type, members);
    }

    private static Object figures(Call call) {
        CacheContents.Figures figures = call.services().control().cache().figures();
        long lookups = 0;
        long hits = 0;
        long entries = 0;
        for (CacheContents.ZoneFigures zone : figures.zones()) {
            lookups += zone.outcomes().values().stream().mapToLong(Long::longValue).sum();
            hits += zone.count(io.weir.cache.Outcome.HIT);
            entries += zone.responses();
        }
        double percent = figures.size() == 0 ? 0 : 100.0 * figures.entryBytes() / figures.size();
        return StructValue.of(
                call.type("GlobalInfo"), figures.entryBytes(), percent, entries, lookups, hits);
    }
}
