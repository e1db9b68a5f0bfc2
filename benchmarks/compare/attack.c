/*
 * A client that spends as little as it can: sends a prepared file on many connections.
 *
 *     attack PORT CONNECTIONS SECONDS FILE hold DRIP     send it, then DRIP bytes more a second
 *     attack PORT CONNECTIONS SECONDS FILE read DRIP     the same, and read what comes
 *     attack PORT CONNECTIONS SECONDS FILE storm FIRST   when it was sent and answered with FIRST
 *                                                        bytes (0: when the other side has closed),
 *                                                        close and begin anew
 *
 * Prints "CONNECTIONS LEFT BYTES-SENT CPU-SECONDS RESIDENT-KIB".
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum mode { HOLD, READ, STORM };

struct one {
    int socket;
    size_t sent;
    size_t came;
};

static struct sockaddr_in server;
static int waiting;
static char *payload;
static size_t length;
static enum mode mode;
static size_t extra;
static unsigned long made, left, sent_bytes;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void begin(struct one *of)
{
    struct linger reset = {1, 0};
    struct epoll_event wanted = {
        .events = EPOLLOUT | EPOLLRDHUP | (mode == HOLD ? 0 : EPOLLIN),
        .data.ptr = of
    };

    of->sent = 0;
    of->came = 0;
    of->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (of->socket < 0) {
        perror("socket");
        exit(2);
    }
    if (mode == HOLD) {
        int small = 4096;
        setsockopt(of->socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    }
    setsockopt(of->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    connect(of->socket, (struct sockaddr *) &server, sizeof server);
    epoll_ctl(waiting, EPOLL_CTL_ADD, of->socket, &wanted);
    made++;
    left++;
}

static void end(struct one *of)
{
    if (of->socket >= 0) {
        close(of->socket);
        of->socket = -1;
        left--;
    }
}

/* Sends what is left; whether the connection lives. */
static int give(struct one *of)
{
    while (of->sent < length) {
        ssize_t put = write(of->socket, payload + of->sent, length - of->sent);
        if (put < 0) {
            return errno == EAGAIN;
        }
        of->sent += put;
        sent_bytes += put;
    }
    struct epoll_event wanted = {
        .events = EPOLLRDHUP | (mode == HOLD ? 0 : EPOLLIN), .data.ptr = of
    };
    epoll_ctl(waiting, EPOLL_CTL_MOD, of->socket, &wanted);
    return 1;
}

/* Whether the connection is to go on. */
static int take(struct one *of)
{
    static char in[262144];

    for (;;) {
        ssize_t got = read(of->socket, in, sizeof in);
        if (got < 0) {
            return errno == EAGAIN;
        }
        if (got == 0) {
            return 0;
        }
        of->came += got;
        if (mode == STORM && extra && of->came >= extra && of->sent == length) {
            return 0;
        }
    }
}

static void drip(struct one *all, int count)
{
    static const char more[4096] = "X-a: b\r\n";

    for (int i = 0; i < count; i++) {
        if (all[i].socket >= 0 && all[i].sent == length && extra) {
            ssize_t put = write(all[i].socket, more, extra);
            sent_bytes += put > 0 ? put : 0;
        }
    }
}

int main(int count, char **words)
{
    if (count != 7) {
        fprintf(stderr, "usage: attack PORT CONNECTIONS SECONDS FILE hold|read|storm NUMBER\n");
        return 2;
    }
    int connections = atoi(words[2]);
    double stop = now() + atof(words[3]);
    FILE *file = fopen(words[4], "rb");
    if (!file) {
        perror(words[4]);
        return 2;
    }
    payload = malloc(16 << 20);
    length = fread(payload, 1, 16 << 20, file);
    fclose(file);
    mode = words[5][0] == 'h' ? HOLD : words[5][0] == 'r' ? READ : STORM;
    extra = strtoul(words[6], NULL, 10);
    signal(SIGPIPE, SIG_IGN);
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(words[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    waiting = epoll_create1(0);
    struct one *all = calloc(connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        begin(&all[i]);
        if (i % 100 == 99) {
            usleep(20000); /* a listener's queue is short */
        }
    }
    double dripped = now();
    while (now() < stop) {
        struct epoll_event ready[256];
        int n = epoll_wait(waiting, ready, 256, 200);
        for (int i = 0; i < n; i++) {
            struct one *of = ready[i].data.ptr;
            int on = of->socket >= 0;
            if (on && ready[i].events & EPOLLOUT) {
                on = give(of);
            }
            if (on && ready[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) && mode == HOLD) {
                on = 0;
            } else if (on && mode != HOLD && ready[i].events & ~EPOLLOUT) {
                on = take(of);
            }
            if (!on) {
                end(of);
                if (mode == STORM && now() < stop) {
                    begin(of);
                }
            }
        }
        if (mode != STORM && now() - dripped >= 1) {
            dripped = now();
            drip(all, connections);
        }
    }
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    printf("%lu %lu %lu %.3f %ld\n", made, left, sent_bytes,
            own.ru_utime.tv_sec + own.ru_stime.tv_sec
                    + (own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6,
            own.ru_maxrss);
    return 0;
}
