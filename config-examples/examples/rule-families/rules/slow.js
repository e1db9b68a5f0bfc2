// What took long is kept to be explained, with the node that it came from, and more of it while the service as a whole is
// slow. Answers to the checks of other balancers are not worth a line in the log.
const limit = slm.isOK('shop') ? 1000 : 300;
if (stats.getTransactionDuration() > limit) {
    recentconns.include();
    log.warn(http.getRawURL() + ' took ' + math.floor(stats.getTransactionDuration()) + ' ms, '
        + math.floor(stats.getServerResponseTime()) + ' of them at ' + response.getRemoteIP());
}
if (http.getPath() === '/alive') {
    requestlog.exclude();
}
