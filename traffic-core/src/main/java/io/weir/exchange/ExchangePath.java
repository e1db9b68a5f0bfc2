package io.weir.exchange;

import io.weir.cache.StorePolicy;
import io.weir.config.VirtualServerConfig;
import io.weir.http.FieldName;
import io.weir.persist.PersistenceClasses;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The ordered list of everything that happens to an exchange: the table of contents of the product
 * (the order is ZXTM's). Immutable, one per virtual server.
 *
 * <p>Before the list the codec has read and checked the head; after it the body streams, and the
 * {@link Account} hears of the end, whatever happened.
 */
public final class ExchangePath {

    private final Step[] steps;
    private final int chooseNode;
    private final int response;
    private final int streamed;
    private final int stored;
    private final int reply;

    private ExchangePath(
            List<Step> request, List<Step> response, int rules, List<Step> stored, Step reply) {
        List<Step> all = new ArrayList<>(request);
        this.response = all.size();
        this.streamed = all.size() + rules;
        all.addAll(response);
        this.stored = all.size();
        all.addAll(stored);
        this.reply = all.size();
        all.add(reply);
        this.steps = all.toArray(Step[]::new);
        int choose = -1;
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] instanceof ChooseNode) {
                choose = i;
            }
        }
        this.chooseNode = choose;
    }

    /** The path of the exchanges of one virtual server. */
    static ExchangePath of(
            VirtualServerConfig config,
            ServerRules rules,
            PersistenceClasses persistence,
            @Nullable CacheAccess cache,
            @Nullable CompressAccess compress,
            TrafficClasses classes) {
        List<Step> request = new ArrayList<>();
        if (classes.protection() != null) {
            request.add(new Protect(classes.protection())); // the request as it came
        }
        request.add(new Admit(classes.admission())); // too many? before they cost anything
        request.add(new PrepareRequest(config)); // hop-by-hop out, forwarding fields in
        if (!persistence.isEmpty()) {
            request.add(new BeginSession(persistence)); // the cookies of Weir out
        }
        if (!rules.request().isEmpty()) {
            // may answer, rewrite, choose a pool, wait
            request.add(new RunRules(rules.request(), RuleState.REQUEST));
            request.add(new SeeRuleEdits());
        }
        if (classes.rate() != null) {
            request.add(new ShapeRate(classes.rate(), classes.rateContext())); // may wait
        }
        if (compress != null && Compress.wraps(compress.config())) {
            request.add(new UnwrapTags()); // marks of compression out of entity tags
        }
        if (cache != null) {
            request.add(new LookInCache(cache)); // a fresh hit goes on behind StoreInCache
        }
        if (!classes.poolAdmissions().isEmpty()) {
            request.add(new AdmitToPool(classes.poolAdmissions())); // as rules have chosen
        }
        request.add(new ChooseNode()); // persistence first, then the balancer; may queue
        request.add(new Forward()); // head and body to the node; until its answer begins

        List<Step> response = new ArrayList<>();
        List<FieldName> hidden =
                names(config, name -> cache == null || !StorePolicy.forCaches(name));
        response.add(new RewriteResponse(config, hidden)); // Location, Set-Cookie, hidden fields
        if (cache != null) {
            response.add(new InvalidateInCache()); // before rules replace what the node says
        }
        if (!rules.response().isEmpty()) {
            response.add(new RunRules(rules.response(), RuleState.RESPONSE));
        }
        int rulesEnd = response.size();
        if (cache != null) {
            response.add(new StoreInCache(cache)); // or renew what is stored
        }
        if (!rules.request().isEmpty()) {
            response.add(new SetRuleCookies()); // for this client alone, so after the cache
        }
        if (!persistence.isEmpty()) {
            response.add(new KeepSession()); // the same
        }

        List<Step> stored = new ArrayList<>();
        List<FieldName> read = names(config, name -> cache != null && StorePolicy.forCaches(name));
        if (!read.isEmpty()) {
            stored.add(new HideFields(read)); // hidden ones that the cache has to know
        }
        if (compress != null) {
            stored.add(new Compress(compress)); // for clients that like it
        }

        // head to the client; the body streams behind it
        return new ExchangePath(request, response, rulesEnd, stored, new Reply());
    }

    /** The fields that clients never see, if {@code which} accepts them. */
    private static List<FieldName> names(VirtualServerConfig config, Predicate<FieldName> which) {
        return config.rewriting().removeHeaders().stream()
                .map(FieldName::of)
                .filter(which)
                .toList();
    }

    Step step(int position) {
        return steps[position];
    }

    /** Where a retry goes on. */
    int chooseNode() {
        return chooseNode;
    }

    /** Where an answer, of a node or of Weir, goes on. */
    int response() {
        return response;
    }

    /** Where an answer goes on that a rule sends piece by piece. */
    int streamed() {
        return streamed;
    }

    /** Where an answer out of the store goes on. */
    int stored() {
        return stored;
    }

    /** Where an error page goes on. */
    int reply() {
        return reply;
    }
}
