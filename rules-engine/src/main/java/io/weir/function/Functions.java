package io.weir.function;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every family of functions, by the name that rules call it by, for one event loop. */
public final class Functions {

    private Functions() {}

    /** All families, which act on {@code run}. */
    public static Map<String, Object> of(CurrentRun run, Means means) {
        Map<String, Object> families = new LinkedHashMap<>();
        Calls calls = means.calls();
        Waiting waiting = calls.waiting();
        HttpFunctions http = new HttpFunctions(run, calls);
        SmallFunctions.CounterFunctions counter =
                new SmallFunctions.CounterFunctions(means.counters());
        Regexes regexes = new Regexes();
        HeldData held = new HeldData(run, regexes);
        RequestFunctions request = new RequestFunctions(run, http, held);
        families.put("auth", new AuthFunctions(run, waiting, means.authenticators()));
        families.put("connection", new ConnectionFunctions(run, waiting, request));
        families.put("counter", counter);
        families.put("counter64", counter);
        families.put("data", new DataFunctions.Shared(run, means.data()));
        families.put("event", new SmallFunctions.EventFunctions(run));
        families.put("geo", new GeoFunctions(run, means.locations()));
        families.put("http", http);
        families.put("json", new JsonFunctions(run, waiting, means.schemas()));
        families.put("log", new LogFunctions(run));
        families.put("net", new NetFunctions(run, waiting, means.names()));
        families.put("pool", new PoolFunctions(run, calls.egress()));
        families.put("request", request);
        families.put("rate", new RateFunctions(run));
        families.put("recentconns", new SmallFunctions.RecentFunctions(run));
        families.put("requestlog", new SmallFunctions.RequestLogFunctions(run));
        families.put("resource", new ResourceFunctions(run));
        families.put("response", new ResponseFunctions(run, http, held));
        families.put("rule", new SmallFunctions.RuleFunctions(run));
        families.put("slm", new ServiceLevelFunctions(run));
        families.put("ssl", new SslFunctions(run));
        families.put("stats", new SmallFunctions.StatsFunctions(run));
        families.put("string", new StringFunctions(run, regexes));
        families.put("sys", new SysFunctions());
        SocketFunctions sockets = new SocketFunctions(run, calls);
        families.put("tcp", sockets);
        families.put("udp", new SocketFunctions.Udp(sockets));
        families.put("xml", new XmlFunctions(run, waiting, means.xml()));
        return families;
    }
}
