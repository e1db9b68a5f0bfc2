// What tests of rules have: test, run and expect. Evaluates to a function of the host and the tests.
(function (host, tests) {
    'use strict';

    const shown = (value) => JSON.stringify(value) ?? String(value);

    const equal = (a, b) => {
        if (a === b) {
            return true;
        }
        if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object'
                || Array.isArray(a) !== Array.isArray(b)) {
            return false;
        }
        const keys = Object.keys(a);
        return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
    };

    const expect = (value) => {
        const check = (holds, wanted) => {
            if (!holds) {
                throw new Error('expected ' + wanted + ', found ' + shown(value));
            }
        };
        const is = (wanted) => check(equal(value, wanted), shown(wanted));
        return {
            is, toBe: is, toEqual: is,
            isNot: (wanted) => check(!equal(value, wanted), 'anything but ' + shown(wanted)),
            contains: (part) => check(
                typeof value === 'string' || Array.isArray(value) ? value.includes(part) : false, 'something with ' + shown(part)),
            matches: (pattern) => check(new RegExp(pattern).test(value), 'a match of ' + pattern),
            isMissing: () => check(value === undefined || value === null, 'nothing'),
        };
    };

    const run = (exchange = {}) => JSON.parse(host.run(JSON.stringify(exchange)));

    const test = (name, body) => {
        try {
            body();
        } catch (e) {
            const at = /\.test\.js:(\d+)/.exec(e?.stack ?? '');
            host.failed(String(name), (at ? 'line ' + at[1] + ': ' : '') + (e?.message ?? e));
            return;
        }
        host.passed(String(name));
    };

    tests(test, run, expect);
})
