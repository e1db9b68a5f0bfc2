"""The configuration files of NGINX, HAProxy and Weir, as templates.

The peers are set up to be hard to beat: no logs, no added header fields, large reads.
"""

NGINX_GLOBAL = """
{modules}
daemon off;
worker_processes {workers};
worker_rlimit_nofile {files};
{user}
pid {dir}/{name}.pid;
error_log {dir}/{name}.error.log warn;
events {{ worker_connections {files}; }}
{inner}
"""

NGINX_HTTP = """
http {{
    access_log off;
    server_tokens off;
    default_type text/plain;
    client_body_temp_path {dir}/{name}.client;
    proxy_temp_path {dir}/{name}.proxy;
    fastcgi_temp_path {dir}/{name}.fastcgi;
    uwsgi_temp_path {dir}/{name}.uwsgi;
    scgi_temp_path {dir}/{name}.scgi;
    keepalive_timeout {long};
    keepalive_requests 1000000000;
    {inner}
}}
"""

# One segment per answer: cork joins the head with the file's first bytes.
NGINX_NODE = """
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        listen 127.0.0.1:{gold} backlog=4096;
        root {dir}/bodies;
        {returns}
        location = /which {{ return 200 "$server_port $http_x_pool"; }}
        location /kept/ {{ add_header Cache-Control "max-age=36000"; }}
    }}
"""

# Tuned for these scenarios: passing bodies on as they come, with large reads, is what NGINX is
# fastest with; the default buffers halve its 100 KB figure. No log is written, no header added.
NGINX_PROXY = """
    {buffering}
    proxy_buffer_size 64k;
    proxy_buffers 4 64k;
    {extra}
    upstream pool {{
        server 127.0.0.1:{node};
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_timeout {long};
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096{tls_word};
        {tls}
        location / {{
            proxy_pass http://{target};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            {location}
        }}
    }}
"""

# Stored answers lie in files, which the kernel keeps in memory. What is above max_size goes some seconds later; what has no room in the zone of keys goes at once.
NGINX_CACHE = """
    proxy_cache_path {dir}/{instance}.cache keys_zone=kept:{keys_kb}k max_size={cache_mb}m inactive=1h
        use_temp_path=off;
    proxy_cache_lock on;
    sendfile on;
    tcp_nopush on;
"""

# Not where memory is compared: a file that was removed takes memory, and is served, while it is open.
NGINX_OPEN_FILES = """
    open_file_cache max={open_files} inactive=1h;
    open_file_cache_valid 1h;
"""

NGINX_GZIP = """
    gzip on;
    gzip_comp_level 1;
    gzip_min_length 100;
    gzip_types *;
"""

# The rule of s8: a pool by a header field, and its name in another one. `set` runs without a coroutine,
# which is the fastest place for such a rule in Lua; njs evaluates the variable once for a request.
NGINX_GOLD = """
    upstream gold {{
        server 127.0.0.1:{gold};
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_timeout {long};
    }}
"""

NGINX_LUA = """
    lua_package_path "/usr/share/lua/5.1/?.lua;;";
"""

NGINX_LUA_RULE = """
            set_by_lua_block $chosen {{
                local pool = "pool"
                if ngx.var.http_x_tenant == "gold" then pool = "gold" end
                ngx.req.set_header("X-Pool", pool)
                return pool
            }}
"""

NGINX_JS = """
    js_import route from {script};
    js_set $chosen route.pool;
"""

NGINX_JS_RULE = "proxy_set_header X-Pool $chosen;"

NGINX_JS_SCRIPT = """
function pool(r) {
    return r.headersIn['X-Tenant'] === 'gold' ? 'gold' : 'pool';
}
export default {pool};
"""

NGINX_TLS = """
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        http2_max_concurrent_streams 200;
"""

NGINX_STREAM = """
stream {{
    tcp_nodelay on;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        proxy_pass 127.0.0.1:{node};
        proxy_buffer_size {buffer};
        proxy_timeout {long};
    }}
}}
"""

# "always" halves the cost of a new client connection's first request; the node is trusted here.
HAPROXY = """
global
    nbthread 1
    maxconn {connections}
    no strict-limits
    {tuning}
defaults
    mode {mode}
    timeout connect 5s
    timeout client {long}
    timeout server {long}
    {defaults}
frontend clients
    bind 127.0.0.1:{port} backlog 4096{tls}
    {frontend}
    default_backend pool
backend pool
    {pool}
    server node 127.0.0.1:{node}
"""

HAPROXY_HTTP_DEFAULTS = """option http-keep-alive
    timeout http-keep-alive {long}"""

HAPROXY_TLS = " ssl crt {joined} alpn h2,http/1.1 ssl-min-ver TLSv1.2"

HAPROXY_CACHE = """
cache kept
    total-max-size {cache_mb}
    max-object-size 200000
    max-age 36000
"""

HAPROXY_CACHE_USE = """http-request cache-use kept
    http-response cache-store kept"""

HAPROXY_GZIP = """compression algo gzip
    compression type text/plain"""

HAPROXY_RULE = """http-request lua.route
    use_backend gold if { var(txn.pool) -m str gold }"""

HAPROXY_GOLD = """
backend gold
    http-reuse always
    server node 127.0.0.1:{gold}
"""

HAPROXY_SCRIPT = """
core.register_action("route", {"http-req"}, function(txn)
    local pool = "pool"
    if txn.sf:req_hdr("X-Tenant") == "gold" then
        pool = "gold"
    end
    txn.http:req_set_header("X-Pool", pool)
    txn:set_var("txn.pool", pool)
end)
"""

WEIR = """
{top}
virtual-servers:
  contest:
    listen: 127.0.0.1:{port}
    pool: [127.0.0.1:{node}]
    protocol: {protocol}
    keepalive-timeout: 10m
    {tls}
    {extra}
"""

WEIR_CACHE_SIZE = "global: {{cache: {{size: {cache_mb}MiB}}}}"
WEIR_CACHE = "cache: true"

# Limits that this load never meets.
WEIR_CLASSES = """
protection-classes:
  guard: {{max-1-connections: 10000, max-10-connections: 20000, max-connection-rate: 100000000}}
rate-classes:
  pace: {{max-rate-per-second: 1000000, max-queue: 100}}
bandwidth-classes:
  link: {{maximum: 20000000}}
"""
WEIR_CLASSES_USED = """protection: guard
    rate: pace
    bandwidth: link
    admission: {{enabled: true, min-limit: 10000}}"""
WEIR_GZIP = "compression: {{codings: [gzip], level: 1, fast: {fast}}}"
WEIR_TLS = "tls: {{certificate: {certificate}, key: {key}}}"

WEIR_RULE_TOP = """
pools:
  gold: {{nodes: [127.0.0.1:{gold}]}}
rules:
  route: {script}
"""
WEIR_RULE = "request-rules: [route]"
WEIR_SCRIPT = """
const chosen = http.getHeader('X-Tenant') === 'gold' ? 'gold' : 'contest';
http.setHeader('X-Pool', chosen);
pool.use(chosen);
"""
