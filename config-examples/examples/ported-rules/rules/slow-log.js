// Names the node and the URL of each request that took more than six seconds.
const took = sys.time.highres() - Number(connection.data.get('began'));
if (took > 6) {
    log.warn('node ' + connection.getNode() + ' took ' + Math.round(took) + ' s for ' + http.getRawURL());
}
