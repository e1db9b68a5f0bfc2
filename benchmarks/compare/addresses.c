/*
 * Connections from many client addresses: each announces an address of its own by a PROXY header
 * (version 2, IPv6), asks for one page, reads the answer to its end and closes.
 *
 *     addresses PORT FIRST COUNT AT-ONCE
 *
 * The addresses are 2001:db8::/32 with the numbers from FIRST on in the next 32 bits, so that each
 * lies in a network of its own. Prints "SECONDS ANSWERED FAILED".
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
static const unsigned char SIGNATURE[] = "\r\n\r\n\0\r\nQUIT\n";

struct one {
    int socket;
    int answered;
};

static struct sockaddr_in server;
static int waiting;

static void begin(struct one *of, unsigned long number)
{
    unsigned char out[512];
    size_t length = 0;
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = of};

    memcpy(out, SIGNATURE, 12);
    out[12] = 0x21; /* version 2, PROXY */
    out[13] = 0x21; /* TCP over IPv6 */
    out[14] = 0;
    out[15] = 36;
    memset(out + 16, 0, 36);
    out[16] = 0x20;
    out[17] = 0x01;
    out[18] = 0x0d;
    out[19] = 0xb8;
    out[20] = number >> 24;
    out[21] = number >> 16;
    out[22] = number >> 8;
    out[23] = number;
    out[31] = 1;
    out[32] = 0x20;
    out[33] = 0x01;
    out[47] = 2;
    out[48] = 0x10; /* some port */
    out[51] = 80;
    length = 52;
    memcpy(out + length, REQUEST, sizeof REQUEST - 1);
    length += sizeof REQUEST - 1;

    of->answered = 0;
    of->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (of->socket < 0) {
        perror("socket");
        exit(2);
    }
    struct linger reset = {1, 0};
    setsockopt(of->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(of->socket, (struct sockaddr *) &server, sizeof server) < 0) {
        perror("connect");
        exit(2);
    }
    if (write(of->socket, out, length) != (ssize_t) length) {
        perror("write");
    }
    fcntl(of->socket, F_SETFL, O_NONBLOCK);
    epoll_ctl(waiting, EPOLL_CTL_ADD, of->socket, &wanted);
}

/* Whether the answer has come to its end. */
static int over(struct one *of)
{
    char in[8192];

    for (;;) {
        ssize_t got = read(of->socket, in, sizeof in);
        if (got > 0) {
            of->answered |= got > 12 && memcmp(in, "HTTP/1.1 200", 12) == 0;
        } else if (got < 0 && errno == EAGAIN) {
            return 0;
        } else {
            return 1;
        }
    }
}

int main(int count, char **words)
{
    if (count != 5) {
        fprintf(stderr, "usage: addresses PORT FIRST COUNT AT-ONCE\n");
        return 2;
    }
    unsigned long next = strtoul(words[2], NULL, 10);
    unsigned long end = next + strtoul(words[3], NULL, 10);
    int at_once = atoi(words[4]);
    unsigned long answered = 0, failed = 0;
    struct one *all = calloc(at_once, sizeof *all);
    struct timespec begun, ended;

    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(words[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    waiting = epoll_create1(0);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    int running = 0;
    for (; running < at_once && next < end; running++) {
        begin(&all[running], next++);
    }
    while (running > 0) {
        struct epoll_event ready[256];
        int n = epoll_wait(waiting, ready, 256, 30000);
        if (n == 0) {
            failed += running;
            break;
        }
        for (int i = 0; i < n; i++) {
            struct one *of = ready[i].data.ptr;
            if (!over(of)) {
                continue;
            }
            answered += of->answered;
            failed += !of->answered;
            close(of->socket);
            if (next < end) {
                begin(of, next++);
            } else {
                running--;
            }
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.3f %lu %lu\n",
            ended.tv_sec - begun.tv_sec + (ended.tv_nsec - begun.tv_nsec) / 1e9, answered, failed);
    return failed != 0;
}
