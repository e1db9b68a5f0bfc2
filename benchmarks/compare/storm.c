/*
 * Load that wrk and h2load cannot make: TLS handshakes with and without resumption, and echoes over plain TCP.
 *
 *     storm full    PORT CONNECTIONS SECONDS PATH   each request on a new connection, with a full handshake
 *     storm resumed PORT CONNECTIONS SECONDS PATH   the same, each handshake resuming the session before it
 *     storm echo    PORT CONNECTIONS SECONDS        64 bytes out and back, over and over, on kept connections
 *     storm node    PORT                            the node for "echo": sends back what it gets
 *
 * One thread and one epoll; all traffic goes to 127.0.0.1. At the end one line "figures key=value ..." is printed,
 * with the keys of wrk-report.lua, and p95 and unfit: handshakes that were resumed, or not, against the order. A
 * request counts from before connect() to the last byte of its answer, and only when the server then closes the
 * connection with close_notify, so that nothing cut off passes for whole. Certificates are not checked here.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, MOST_SAMPLES = 4000000, TIMEOUT_MICROS = 30000000 };

/* The steps of a connection; an echo connection has only CONNECTING and TALKING. */
enum step { CONNECTING, HANDSHAKING, WRITING, TALKING, ENDING };

struct client {
    int fd;
    enum step step;
    unsigned events;       /* what epoll has been asked for */
    SSL *ssl;
    SSL_SESSION *session;  /* the latest one, for "resumed" */
    int primed;            /* whether a first full handshake has laid the ground for resumption */
    long begin, done;      /* micros: connect() or message out; last byte of the answer */
    char head[2048];
    size_t have;           /* bytes in head, or of the message that came back */
    long missing;          /* bytes of the body, -1 before the head is complete */
};

static int resumed, echo, epoll_fd, index_of_client;
static SSL_CTX *context;
static struct sockaddr_in address;
static char request[512], message[MESSAGE];
static long *samples, count, unfit, begun, ends;
static long errors_connect, errors_read, errors_write, errors_status, errors_timeout, bytes;

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void die(const char *what) {
    fprintf(stderr, "storm: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void want(struct client *c, unsigned events) {
    if (c->events == events) return;
    struct epoll_event e = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll_fd, c->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, c->fd, &e)) die("epoll_ctl");
    c->events = events;
}

static int new_session(SSL *ssl, SSL_SESSION *session) {
    struct client *c = SSL_get_ex_data(ssl, index_of_client);
    if (c->session) SSL_SESSION_free(c->session);
    c->session = session;
    return 1; /* kept */
}

static void start(struct client *c);

static void finish(struct client *c) {
    if (c->ssl) {
        SSL_free(c->ssl);
        c->ssl = NULL;
    }
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    c->events = 0;
}

static void fail(struct client *c, long *counter) {
    ++*counter;
    finish(c);
    start(c);
}

static void sample(long micros) {
    if (count < MOST_SAMPLES) samples[count] = micros;
    count++;
}

static void start(struct client *c) {
    if (now() >= ends) return;
    c->step = CONNECTING;
    c->have = 0;
    c->missing = -1;
    c->begin = now();
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket");
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) {
        ++errors_connect;
        close(c->fd);
        c->fd = -1; /* the sweep tries again */
        return;
    }
    want(c, EPOLLOUT);
}

/* The answer is over and the server has closed: counts it, when it came as ordered. */
static void complete(struct client *c) {
    int first = resumed && !c->primed;
    if (!first && SSL_session_reused(c->ssl) != resumed) ++unfit;
    else if (!first && c->begin >= begun && c->done <= ends) sample(c->done - c->begin);
    c->primed = 1;
    finish(c);
    start(c);
}

/* Takes bytes of the answer; 0 when it is not a proper one. */
static int take(struct client *c, const char *data, size_t length) {
    bytes += length;
    if (c->missing < 0) {
        size_t room = sizeof c->head - 1 - c->have, part = length < room ? length : room;
        memcpy(c->head + c->have, data, part);
        c->have += part;
        c->head[c->have] = 0;
        char *end = strstr(c->head, "\r\n\r\n");
        if (!end) return room > 0;
        char *field = strcasestr(c->head, "\r\ncontent-length:");
        if (strncmp(c->head, "HTTP/1.1 200", 12) || !field || field > end) return 0;
        c->missing = atol(field + 17);
        size_t head_bytes = end + 4 - c->head, before = c->have - part;
        length -= head_bytes - before;
    }
    c->missing -= length;
    if (c->missing == 0) c->done = now();
    return c->missing >= 0;
}

/* Waits for what OpenSSL wants; 0 when the connection is broken. */
static int wait_for_ssl(struct client *c, int result) {
    switch (SSL_get_error(c->ssl, result)) {
        case SSL_ERROR_WANT_READ: want(c, EPOLLIN); return 1;
        case SSL_ERROR_WANT_WRITE: want(c, EPOLLOUT); return 1;
        default: ERR_clear_error(); return 0;
    }
}

static void go_tls(struct client *c) {
    static char buffer[65536];
    int got;
    if (c->step == CONNECTING) {
        int problem = 0;
        socklen_t size = sizeof problem;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &problem, &size);
        if (problem) return fail(c, &errors_connect);
        c->ssl = SSL_new(context);
        SSL_set_ex_data(c->ssl, index_of_client, c);
        SSL_set_fd(c->ssl, c->fd);
        SSL_set_tlsext_host_name(c->ssl, "localhost");
        if (resumed && c->session) SSL_set_session(c->ssl, c->session);
        c->step = HANDSHAKING;
    }
    if (c->step == HANDSHAKING) {
        if ((got = SSL_connect(c->ssl)) != 1) {
            if (!wait_for_ssl(c, got)) fail(c, &errors_connect);
            return;
        }
        c->step = WRITING;
    }
    if (c->step == WRITING) {
        if ((got = SSL_write(c->ssl, request, strlen(request))) <= 0) {
            if (!wait_for_ssl(c, got)) fail(c, &errors_write);
            return;
        }
        c->step = TALKING;
    }
    for (;;) {
        got = SSL_read(c->ssl, buffer, sizeof buffer);
        if (got > 0) {
            if (!take(c, buffer, got)) return fail(c, &errors_status);
        } else if (SSL_get_error(c->ssl, got) == SSL_ERROR_ZERO_RETURN && c->missing == 0) {
            SSL_shutdown(c->ssl); /* ours after theirs; also keeps OpenSSL from discarding the session */
            return complete(c);
        } else {
            if (!wait_for_ssl(c, got)) fail(c, &errors_read);
            return;
        }
    }
}

static void say(struct client *c) {
    c->begin = now();
    c->have = 0;
    if (send(c->fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE) return fail(c, &errors_write);
    c->step = TALKING;
    want(c, EPOLLIN);
}

static void go_echo(struct client *c) {
    char buffer[MESSAGE + 1];
    if (c->step == CONNECTING) return say(c);
    ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return fail(c, &errors_read);
    if (c->have + got > MESSAGE || memcmp(buffer, message + c->have, got)) return fail(c, &errors_status);
    c->have += got;
    if (c->have < MESSAGE) return;
    long at = now();
    bytes += MESSAGE;
    if (at <= ends) sample(at - c->begin);
    if (at < ends) say(c);
}

static int listener(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    address.sin_port = htons(port);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) die("listen");
    return fd;
}

static void node(int port) {
    static char buffer[65536];
    int server = listener(port);
    struct epoll_event events[256], e = {.events = EPOLLIN, .data.fd = server};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, server, &e);
    for (;;) {
        int ready = epoll_wait(epoll_fd, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == server) {
                int accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC), one = 1;
                if (accepted < 0) continue;
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                struct epoll_event a = {.events = EPOLLIN, .data.fd = accepted};
                epoll_ctl(epoll_fd, EPOLL_CTL_ADD, accepted, &a);
                continue;
            }
            ssize_t got = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0 || send(fd, buffer, got, MSG_NOSIGNAL) != got) close(fd);
        }
    }
}

static int ascending(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static long percentile(double share) {
    long known = count < MOST_SAMPLES ? count : MOST_SAMPLES;
    return known ? samples[(long)(share * (known - 1))] : 0;
}

/* Gives up what hangs and starts anew what could not be connected. */
static void sweep(struct client *clients, int connections) {
    for (int i = 0; i < connections; i++) {
        if (clients[i].fd < 0) start(&clients[i]);
        else if (now() - clients[i].begin > TIMEOUT_MICROS) fail(&clients[i], &errors_timeout);
    }
}

/* Runs all clients until the given time; with `until_primed`, at most until each can resume a session. */
static void run(struct client *clients, int connections, int until_primed) {
    struct epoll_event events[256];
    long swept = now();
    while (now() < ends) {
        if (until_primed) {
            int waiting = 0;
            for (int i = 0; i < connections; i++) waiting += !(clients[i].primed && clients[i].session);
            if (!waiting) return;
        }
        int ready = epoll_wait(epoll_fd, events, 256, 20);
        for (int i = 0; i < ready; i++) {
            struct client *c = events[i].data.ptr;
            if (echo) go_echo(c);
            else go_tls(c);
        }
        if (now() - swept > 100000) {
            sweep(clients, connections);
            swept = now();
        }
    }
}

int main(int arguments, char **argument) {
    const char *mode = arguments > 2 ? argument[1] : "";
    echo = !strcmp(mode, "echo");
    resumed = !strcmp(mode, "resumed");
    signal(SIGPIPE, SIG_IGN);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!strcmp(mode, "node")) node(atoi(argument[2]));
    if (!(echo && arguments == 5) && !((resumed || !strcmp(mode, "full")) && arguments == 6)) {
        fprintf(stderr, "usage: storm full|resumed PORT CONNECTIONS SECONDS PATH\n"
                        "       storm echo PORT CONNECTIONS SECONDS\n"
                        "       storm node PORT\n");
        return 2;
    }
    int connections = atoi(argument[3]);
    long micros = atol(argument[4]) * 1000000L;
    address.sin_port = htons(atoi(argument[2]));
    samples = malloc(MOST_SAMPLES * sizeof *samples);
    struct client *clients = calloc(connections, sizeof *clients);
    if (!samples || !clients) die("memory");
    memset(message, 'e', MESSAGE);
    if (!echo) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
        index_of_client = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
        if (resumed) {
            SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
            SSL_CTX_sess_set_new_cb(context, new_session);
        }
        snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", argument[5]);
    }
    for (int i = 0; i < connections; i++) clients[i].fd = -1;

    if (resumed) {
        begun = ends = now() + 60 * 1000000L;
        for (int i = 0; i < connections; i++) start(&clients[i]);
        run(clients, connections, 1);
        if (now() >= ends) {
            fprintf(stderr, "storm: no session to resume within 60 s\n");
            return 2;
        }
        unfit = bytes = 0;
    }
    begun = now();
    ends = begun + micros;
    if (!resumed) for (int i = 0; i < connections; i++) start(&clients[i]);
    run(clients, connections, 0);
    long took = now() - begun;

    long known = count < MOST_SAMPLES ? count : MOST_SAMPLES;
    qsort(samples, known, sizeof *samples, ascending);
    printf("figures requests=%ld micros=%ld bytes=%ld status=%ld connect=%ld read=%ld write=%ld timeout=%ld "
           "unfit=%ld p50=%ld p90=%ld p95=%ld p99=%ld max=%ld\n",
           count, took, bytes, errors_status, errors_connect, errors_read, errors_write, errors_timeout, unfit,
           percentile(.50), percentile(.90), percentile(.95), percentile(.99), percentile(1));
    return 0;
}
