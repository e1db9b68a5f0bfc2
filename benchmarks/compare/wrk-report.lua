-- Prints one line of figures at the end of a wrk run; defines no per-request function, so it costs nothing.
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "figures requests=%d micros=%d bytes=%d status=%d connect=%d read=%d write=%d timeout=%d "
            .. "p50=%d p90=%d p99=%d max=%d\n",
        summary.requests, summary.duration, summary.bytes, errors.status, errors.connect,
        errors.read, errors.write, errors.timeout, latency:percentile(50), latency:percentile(90),
        latency:percentile(99), latency.max))
end
