// Large orders, and those that are urgent, have a pool of their own; the node gets a summary.
if (http.getMethod() === 'POST' && string.startsWith(http.getHeader('Content-Type'), 'application/json')) {
    const order = json.deserialize(http.getBody());
    if (lang.ishash(order) && lang.isarray(order.lines)) {
        let sum = 0;
        const items = {};
        for (const line of order.lines) {
            sum += math.fabs(lang.toDouble(line.price)) * lang.toInt(line.count);
            items[line.item] = 1;
        }
        const names = array.sort(hash.keys(items));
        http.setHeader('X-Order', json.serialize({sum: math.floor(sum), items: array.join(names, ',')}));
        if (sum > 1000 || array.contains(order.marks || [], 'urgent')) {
            pool.use('large');
        }
    }
}
