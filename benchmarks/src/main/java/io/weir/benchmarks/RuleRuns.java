package io.weir.benchmarks;

import io.weir.config.RuleConfig;
import io.weir.rule.Rehearsal;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RulesRefusedException;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** One run of a rule, from the call in Java to its outcome, on an exchange that is described. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleRuns {

    /** Which rule. */
    @Param({"EMPTY", "POOL_BY_HEADER", "HEADER_BY_PATH", "DESKTOP_USER", "SOAP_QUERY"})
    public Kind kind = Kind.EMPTY;

    /** Runs after which the request is made anew, which costs what it costs to read a head. */
    private static final int RENEWED = 16;

    private @Nullable Rehearsal rule;
    private int runs;

    /** Rules, and what they run on. */
    public enum Kind {
        /** Does nothing. */
        EMPTY(";", "{}"),

        /** A header check and a choice of the pool. */
        POOL_BY_HEADER(
                "if (http.getHeader('X-Tenant') === 'gold') pool.use('gold');",
                "{\"headers\": {\"User-Agent\": \"wrk\", \"X-Tenant\": \"gold\"}}"),

        /** A regular expression on the path and a header field rewritten with what it found. */
        HEADER_BY_PATH(
                "if (string.regexmatch(http.getPath(), '^/user/([a-z]+)')) http.setHeader('X-User',"
                        + " $1);",
                "{\"url\": \"/user/anna/inbox?page=2\"}"),

        /** What the remote-desktop rule does with the first packet once it is there. */
        DESKTOP_USER(
                "if (string.regexmatch(http.getHeader('X-Packet'), 'mstshash=([^;]+)'))"
                        + " connection.setPersistenceKey($1);",
                "{\"headers\": {\"X-Packet\": \"...........................Cookie:"
                        + " mstshash=anna.smith;...............................\"}}"),

        /** XPath on a SOAP message of 2 KB, which is parsed each time. */
        SOAP_QUERY(
                "if (Number(xml.xpath.matchNodeSet(http.getBody(), 'xmlns:o=urn:orders',"
                        + " 'sum(//o:line/@price)')) > 1000) pool.use('gold');",
                "{\"method\": \"POST\", \"headers\": {\"Content-Type\": \"text/xml\"}, \"body\": \""
                        + soap()
                        + "\"}");

        private final String source;
        private final String exchange;

        Kind(String source, String exchange) {
            this.source = source;
            this.exchange = exchange;
        }

        private static String soap() {
            return "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
                    + "<order xmlns='urn:orders'>"
                    + "<line item='10021' count='2' price='19.5'><note>soon</note></line>"
                            .repeat(29)
                    + "</order></s:Body></s:Envelope>";
        }
    }

    /** Compiles the rule and has a look at what it comes to. */
    @Setup
    public void prepare() throws RulesRefusedException {
        RuleEngine engine = Objects.requireNonNull(RuleEngine.find());
        RuleConfig config = new RuleConfig("rule", Path.of("rule.js"), kind.source);
        Rehearsal made = engine.trial().rehearse(config, kind.exchange);
        rule = made;
        RuleOutcome outcome = made.run();
        if (outcome instanceof RuleOutcome.Failed) {
            throw new IllegalStateException(kind + ": " + outcome);
        }
    }

    /** Ends the context. */
    @TearDown
    public void end() {
        Objects.requireNonNull(rule).close();
    }

    /** Runs it once; now and then on a request that no run has changed. */
    @Benchmark
    public RuleOutcome run() {
        Rehearsal again = Objects.requireNonNull(rule);
        if (++runs % RENEWED == 0) {
            again.renew();
        }
        return again.run();
    }
}
