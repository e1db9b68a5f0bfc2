// The first bytes of xfreerdp, as seen on the wire.
const opening = (cookie) =>
    '\x03\x00\x00' + String.fromCharCode(cookie.length + 19) + String.fromCharCode(cookie.length + 14)
    + '\xe0\x00\x00\x00\x00\x00' + cookie + '\x01\x00\x08\x00\x03\x00\x00\x00';

const directory = 'http://10.0.0.5:8080/desktops/';
const pools = {
    default: ['10.0.0.1:3389'],
    generic: ['10.0.0.31:3389'],
    desktops: {nodes: ['10.0.0.41:3389', '10.0.0.42:3389'], failed: ['10.0.0.42:3389']},
};
const connect = (cookie, calls) => run({bytes: opening(cookie), pools, calls});

test('alice is at her own desktop', () => {
    const result = connect('Cookie: mstshash=alice\r\n', {[directory + 'alice']: '10.0.0.41:3389'});
    expect(result.decision).is('stop');
    expect(result.pool).is('desktops');
    expect(result.persistence).is({class: 'desktop', key: '10.0.0.41:3389'});
});
test('whom the directory does not know is cut off', () =>
    expect(connect('Cookie: mstshash=mallory\r\n', {[directory + 'mallory']: {status: 404}}).decision).is('discard'));
test('a dead directory lets nobody in', () => expect(connect('Cookie: mstshash=alice\r\n').decision).is('discard'));
test('carol has a generic desktop', () => {
    const result = connect('Cookie: mstshash=carol\r\n', {[directory + 'carol']: ''});
    expect(result.pool).is('generic');
    expect(result.persistence).is({class: 'user', key: 'carol'});
});
test('a client that names no user has a generic desktop', () =>
    expect(connect('tsv://MS Terminal Services Plugin.1.farm\r\n').pool).is('generic'));
test('a name with other letters is one', () =>
    expect(connect('Cookie: mstshash=j\xc3\xb6rg\r\n', {[directory + 'j%C3%B6rg']: '10.0.0.41:3389'}).pool).is('desktops'));
test('a desktop that cannot be woken is replaced', () =>
    expect(connect('Cookie: mstshash=bob\r\n', {
        [directory + 'bob']: '10.0.0.42:3389', 'http://10.0.0.6:8080/machines/10.0.0.42%3A3389/resume': {status: 500},
    }).pool).is('generic'));
test('a desktop that does not wake up in time is reported', () => {
    const result = connect('Cookie: mstshash=bob\r\n', {
        [directory + 'bob']: '10.0.0.42:3389', 'http://10.0.0.6:8080/machines/10.0.0.42%3A3389/resume': {status: 200},
    });
    expect(result.decision).is('discard');
    expect(result.slept).is(30000);
    expect(result.events).is([{name: 'desktopasleep', text: '10.0.0.42:3389'}]);
});
