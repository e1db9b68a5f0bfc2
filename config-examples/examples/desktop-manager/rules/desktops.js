// Sends each user to the user's own desktop, wherever the user comes from.
const directory = 'http://10.0.0.5:8080/desktops/';
const machines = 'http://10.0.0.6:8080/machines/';

// The first packet of a remote-desktop client: its length stands in the third and fourth byte, its user in a cookie.
const length = string.bytesToInt(string.right(request.get(4), 2));
if (!string.regexmatch(request.get(length), 'Cookie: mstshash=([^\\r\\n]+)')) {
    pool.use('generic');
}
const user = $1;

// The directory knows the address of the desktop, host:port; whom it does not know has nothing to look for here.
const desktop = string.trim(http.request.get(directory + string.urlencode(user)));
if ($1 !== '200') {
    connection.discard();
}
if (desktop === '') {
    // No desktop of their own: one of the generic ones, and the same one until they log off.
    connection.setPersistenceClass('user');
    connection.setPersistenceKey(user);
    pool.use('generic');
}

// A desktop that sleeps is woken first, while the connection waits.
const awake = () => pool.listactivenodes('desktops').includes(desktop);
if (!awake()) {
    http.request.post(machines + string.urlencode(desktop) + '/resume', '', '', 30);
    if ($1 !== '200') {
        log.warn('the desktop ' + desktop + ' of ' + user + ' is dead');
        pool.use('generic');
    }
    for (let tries = 0; tries < 60 && !awake(); tries++) {
        connection.sleep(500);
    }
    if (!awake()) {
        event.emit('desktopasleep', desktop);
        connection.discard();
    }
}

connection.setPersistenceClass('desktop');
connection.setPersistenceKey(desktop);
pool.use('desktops');
