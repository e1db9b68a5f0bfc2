// Says so where there are too many requests, and has others wait for their turn.
const backlog = 100;
if (rate.getbacklog('shop') > backlog) {
    const verdict = rate.use.noQueue('shop');
    if (verdict === 0) {
        http.sendResponse('503 Service Unavailable', 'text/plain', 'Too busy.\n', 'Retry-After: 30');
    }
} else if (rate.use('shop') === 0) {
    log.error('the rate class shop is not there');
    http.sendResponse('500 Internal Server Error', 'text/plain', 'Not configured.\n');
}
