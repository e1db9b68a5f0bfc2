"""Further contestants where the task is to cache: Varnish and Traffic Server.

Set up to be hard to beat, as the others are: one thread that serves, memory for all that is stored,
no log, no added header field where that can be avoided.
"""

import contestants
from contestants import Contestant, missing

VARNISH_VCL = """
vcl 4.1;
backend node {{
    .host = "127.0.0.1";
    .port = "{node}";
    .max_connections = {connections};
}}
sub vcl_backend_response {{
    set beresp.grace = 0s;
    set beresp.keep = 0s;
}}
sub vcl_deliver {{
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}}
"""

# One pool of threads; each serves one client connection at a time, and waits for others in epoll.
VARNISH_PARAMETERS = {
    "thread_pools": "1",
    "thread_pool_min": "100",
    "thread_pool_max": "5000",
    "default_ttl": "0",
    "timeout_idle": "600",
    "backend_idle_timeout": "600",
    "first_byte_timeout": "600",
    "vsl_mask": "-VCL_trace,-WorkThread,-Hash,-VfpAcct,-ReqHeader,-RespHeader,-BereqHeader,"
    "-BerespHeader,-ReqMethod,-ReqURL,-ReqProtocol,-RespProtocol,-RespStatus,-RespReason,-ReqAcct,"
    "-Timestamp,-Link,-Begin,-End,-Hit,-VCL_call,-VCL_return,-SessOpen,-SessClose,-ReqStart,-ReqUnset,"
    "-RespUnset,-TTL,-Storage,-BackendOpen,-BackendClose,-Length,-BereqAcct,-Fetch_Body",
}

TRAFFIC_RECORDS = """
CONFIG proxy.config.http.server_ports STRING {port}:ip-in=127.0.0.1
CONFIG proxy.config.admin.user_id STRING #-1
CONFIG proxy.config.exec_thread.autoconfig INT 0
CONFIG proxy.config.exec_thread.limit INT 1
CONFIG proxy.config.accept_threads INT 0
CONFIG proxy.config.task_threads INT 1
CONFIG proxy.config.cache.threads_per_disk INT 1
CONFIG proxy.config.cache.ram_cache.size INT {bytes}
CONFIG proxy.config.cache.ram_cache_cutoff INT 4194304
CONFIG proxy.config.cache.min_average_object_size INT 4000
CONFIG proxy.config.http.cache.http INT 1
CONFIG proxy.config.http.wait_for_cache INT 1
CONFIG proxy.config.http.cache.open_read_retry_time INT 10
CONFIG proxy.config.http.cache.max_open_read_retries INT 500
CONFIG proxy.config.cache.enable_read_while_writer INT 1
CONFIG proxy.config.http.background_fill_active_timeout INT 0
CONFIG proxy.config.http.insert_response_via_str INT 0
CONFIG proxy.config.http.insert_request_via_str INT 0
CONFIG proxy.config.http.response_server_enabled INT 0
CONFIG proxy.config.http.keep_alive_no_activity_timeout_in INT 600
CONFIG proxy.config.http.keep_alive_no_activity_timeout_out INT 600
CONFIG proxy.config.net.connections_throttle INT {connections}
CONFIG proxy.config.log.logging_enabled INT 0
CONFIG proxy.config.diags.show_location INT 0
CONFIG proxy.config.url_remap.remap_required INT 1
CONFIG proxy.config.dns.search_default_domains INT 0
"""

TRAFFIC_CLIENTS = """
ip_allow:
  - apply: in
    ip_addrs: 127.0.0.1
    action: allow
    methods: ALL
"""

TRAFFIC_FOLDERS = (
    "prefix", "exec_prefix", "bindir", "sbindir", "sysconfdir", "datadir", "includedir", "libdir",
    "libexecdir", "localstatedir", "runtimedir", "logdir", "mandir", "infodir", "cachedir",
)  # fmt: skip


def varnish():
    def command(place):
        vcl = place.write("vcl", place.fill(VARNISH_VCL))
        words = ["varnishd", "-F", "-j", "none", "-f", vcl, "-T", "none"]
        words += ["-a", f"127.0.0.1:{place.port}", "-n", str(place.dir / f"{place.instance}.varnish")]
        words += ["-s", f"malloc,{place.service.cache_mb}m", "-s", "Transient=malloc"]
        for name, value in VARNISH_PARAMETERS.items():
            words += ["-p", f"{name}={value}"]
        return words

    version = contestants.version_of("varnishd", "-V")
    return Contestant("varnish", command, version, missing("varnishd", "varnish"), _refuses)


def trafficserver():
    def command(place):
        root = place.dir / f"{place.instance}.ts"
        root.mkdir()
        lines = []
        for name in TRAFFIC_FOLDERS:
            folder = root if name.endswith("prefix") else root / name
            folder.mkdir(exist_ok=True)
            lines.append(f"{name}: {folder}\n")
        (root / "runroot.yaml").write_text("".join(lines))
        settings = root / "sysconfdir"
        memory = place.service.cache_mb << 20
        (settings / "records.config").write_text(place.fill(TRAFFIC_RECORDS, bytes=memory))
        (settings / "storage.config").write_text(f"{root / 'cachedir'} {place.service.cache_mb}M\n")
        (settings / "remap.config").write_text(
            f"map http://localhost:{place.port}/ http://127.0.0.1:{place.node}/\n"
            f"map / http://127.0.0.1:{place.node}/\n"
        )
        (settings / "ip_allow.yaml").write_text(TRAFFIC_CLIENTS)
        return ["traffic_server", f"--run-root={root}"]

    version = contestants.version_of("traffic_server", "-V")
    problem = missing("traffic_server", "trafficserver")
    return Contestant("trafficserver", command, version, problem, _refuses)


def _refuses(service):
    return None if service.cache_mb else "it is here for its cache alone"
