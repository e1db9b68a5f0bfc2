// What every rule finds when it begins: the families of functions, and nothing that one rule could change for another.
// Evaluates to a function of the bridge to Java, the families as Java objects, what makes the functions that rules call, the
// names of those that may wait, and the names that rules which wait get as parameters.
//
// What runs only to prepare a context has AtSetUp in its name, which keeps the compiler away from it: it runs some thousand
// times at every start, and the compiler has better things to do then.
(function contextAtSetUp(H, families, bindings, waits, parameters) {
    'use strict';

    // ---- values from Java become arrays and objects of the rule's own

    const copied = (value) => {
        if (H.isList(value)) {
            const array = [];
            for (let i = 0, n = H.size(value); i < n; i++) {
                array.push(copied(H.item(value, i)));
            }
            return array;
        }
        if (H.isMap(value)) {
            const object = {};
            const keys = H.keys(value);
            for (let i = 0, n = H.size(keys); i < n; i++) {
                const key = H.item(keys, i);
                Object.defineProperty(object, key, {
                    value: copied(H.entry(value, key)), writable: true, enumerable: true, configurable: true,
                });
            }
            return object;
        }
        if (H.isBytes(value)) {
            const text = H.characters(value);
            const bytes = new Uint8Array(text.length);
            for (let i = 0; i < bytes.length; i++) {
                bytes[i] = text.charCodeAt(i);
            }
            return bytes;
        }
        return value;
    };

    const cloned = (value) => {
        if (value instanceof Uint8Array) {
            return value.slice();
        }
        if (Array.isArray(value)) {
            return value.map(cloned);
        }
        if (value !== null && typeof value === 'object') {
            return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cloned(v)]));
        }
        return value;
    };

    // ---- a rule that waited runs again from its beginning; what its calls returned is in the journal

    let journal = null;
    let position = 0;

    const tracing = H.tracing();
    const shown = (value) => {
        const text = value instanceof Uint8Array ? value.length + ' bytes' : JSON.stringify(value) ?? '';
        return text.length > 200 ? text.slice(0, 200) + '…' : text;
    };
    const traced = (entry, args) => {
        const result = entry.thrown ? ' failed: ' + entry.value : entry.value == null ? '' : ' = ' + shown(entry.value);
        H.called(entry.name + '(' + args.map(shown).join(', ') + ')' + result);
    };

    const journaled = (name, call) => (...args) => {
        if (position < journal.length) {
            const entry = journal[position++];
            if (entry.name !== name) {
                H.diverged(name, entry.name);
            }
            H.groups(entry.groups);
            if (entry.thrown) {
                throw entry.value;
            }
            return cloned(entry.value);
        }
        let entry;
        try {
            const value = call(...args);
            entry = {name, value: cloned(value), groups: H.groups()};
        } catch (e) {
            if (H.ended()) {
                if (tracing) {
                    traced({name}, args);
                }
                throw e;
            }
            entry = {name, value: e, thrown: true, groups: H.groups()};
        }
        journal.push(entry);
        position++;
        if (tracing) {
            traced(entry, args);
        }
        if (entry.thrown) {
            throw entry.value;
        }
        return cloned(entry.value);
    };

    const begin = (kept) => {
        journal = kept === null ? [] : kept;
        position = 0;
        return journal;
    };

    // ---- what makes the functions that rules call; one that ends the rule leaves it from JavaScript, which costs less than if
    // Java unwound it

    const END = Object.freeze(new Error('the rule has ended'));
    const told = (name, e) => {
        const text = H.ended() ? null : H.said(e);
        return text === null ? e : new Error(text.startsWith(name) ? text : name + ': ' + text);
    };
    const wrongCount = (signature, takes, count) =>
        new TypeError(signature + ' takes ' + takes + ', and was given ' + count);
    const wrongKind = (signature, kind, value) =>
        new TypeError(signature + ': ' + kind + ' is ' + (shown(value) || typeof value) + ', expected '
            + (kind === 'array' ? 'an array' : 'an object'));
    const makers = bindings(END, copied, told, wrongCount, wrongKind);
    const made = (family, own) =>
        Object.fromEntries(Object.keys(own).map((name) => [name, makers[family + '.' + name](own[name])]));

    // ---- the families

    const placeAtSetUp = (root, path, value) => {
        const names = path.split('.');
        let object = root;
        for (const name of names.slice(0, -1)) {
            if (!Object.hasOwn(object, name)) {
                object[name] = {};
            }
            object = object[name];
        }
        object[names.at(-1)] = value;
    };

    // ---- a rule that streams pauses where it is: each call that may wait is a promise to it

    const patiently = (name, call) => async (...args) => {
        for (;;) {
            if (H.parked()) {
                throw new Error(name + ' was called while another call waits: put await in front of async functions');
            }
            try {
                return call(...args);
            } catch (e) {
                if (!H.waits()) {
                    throw e;
                }
            }
            await new Promise((resolve) => H.park(resolve));
        }
    };
    const shownAsync = (name, call) => !tracing ? call : async (...args) => {
        try {
            const value = await call(...args);
            traced({name, value}, args);
            return value;
        } catch (e) {
            traced({name, value: H.ended() ? null : e, thrown: !H.ended()}, args);
            throw e;
        }
    };
    const shownPlain = (name, call) => !tracing ? call : (...args) => {
        try {
            const value = call(...args);
            traced({name, value}, args);
            return value;
        } catch (e) {
            traced({name, value: H.ended() ? null : e, thrown: !H.ended()}, args);
            throw e;
        }
    };

    // A function whose name is that of another one with something behind it has both joined by _ in Java.
    const inJavaAtSetUp = (owner, [first, ...rest]) =>
        rest.length === 0 ? owner?.[first] : inJavaAtSetUp(owner?.[first], rest) ?? owner?.[[first, ...rest].join('_')];

    const direct = {};
    const again = {};
    const patient = {};
    for (const full of Object.keys(makers)) {
        const [family, ...rest] = full.split('.');
        const host = inJavaAtSetUp(families[family], rest);
        if (host !== undefined) {
            const call = makers[full](host);
            placeAtSetUp(direct, full, call);
            placeAtSetUp(again, full, journaled(full, call));
            placeAtSetUp(patient, full,
                waits.includes(full) ? shownAsync(full, patiently(full, call)) : shownPlain(full, call));
        }
    }

    const warn = (families) => (message) => families.log.warn(message);

    const clock = (now) => {
        const at = (t, f) => f(new Date((t === undefined ? Math.floor(now() / 1000) : Number(t)) * 1000));
        const time = makers['sys.time'](() => Math.floor(now() / 1000));
        return Object.assign(time, made('sys.time', {
            highres: () => now() / 1000,
            hour: (t) => at(t, (d) => d.getHours()),
            minutes: (t) => at(t, (d) => d.getMinutes()),
            seconds: (t) => at(t, (d) => d.getSeconds()),
            weekday: (t) => at(t, (d) => d.getDay() + 1),
            monthday: (t) => at(t, (d) => d.getDate()),
            yearday: (t) => at(t, (d) =>
                Math.round((Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) - Date.UTC(d.getFullYear(), 0, 1)) / 864e5)),
            month: (t) => at(t, (d) => d.getMonth() + 1),
            year: (t) => at(t, (d) => d.getFullYear()),
        }));
    };

    // ---- families on the rule's own values

    const pick = (values, better) => values.reduce((a, b) => (better(b, a) ? b : a));
    const before = (a, b) =>
        typeof a === 'string' && typeof b === 'string' ? a < b : H.number(a) < H.number(b);

    const lang = made('lang', {
        assert: (condition, message) => {
            if (!condition) {
                throw new Error('assertion failed: ' + message);
            }
        },
        chr: (n) => String.fromCharCode(H.number(n)),
        tochar: (n) => String.fromCharCode(H.number(n)),
        ord: (s) => (s === '' ? 0 : String(s).charCodeAt(0)),
        dump: (value) => JSON.stringify(value, null, 2) ?? '',
        isarray: (value) => (Array.isArray(value) ? 1 : 0),
        ishash: (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? 1 : 0),
        max: (...values) => pick(values, (a, b) => before(b, a)),
        min: (...values) => pick(values, before),
        toArray: (...values) => values,
        toHash: (...pairs) => {
            const hash = {};
            for (let i = 0; i < pairs.length; i += 2) {
                hash[pairs[i]] = pairs[i + 1] ?? '';
            }
            return hash;
        },
        toDouble: (value) => H.number(value),
        toInt: (value) => Math.trunc(H.number(value)),
        toString: (value) => H.text(value),
    });

    const array = made('array', {
        append: (a, b) => { a.push(...[].concat(b)); return a; },
        contains: (a, value) => (a.some((v) => v === value || String(v) === String(value)) ? 1 : 0),
        copy: (a) => cloned(a),
        create: (n, value = '') => new Array(n).fill(value),
        filter: (a, regex, flags = '') => {
            const keep = !flags.includes('!');
            const pattern = new RegExp(regex, flags.includes('i') ? 'i' : '');
            return a.filter((v) => pattern.test(v) === keep);
        },
        join: (a, separator = ' ') => a.join(separator),
        length: (a) => a.length,
        pop: (a) => a.pop() ?? '',
        push: (a, value) => { a.push(value); return a; },
        resize: (a, n, value = '') => {
            while (a.length < n) {
                a.push(value);
            }
            a.length = n;
            return a;
        },
        reverse: (a) => a.reverse(),
        shift: (a) => a.shift() ?? '',
        sort: (a, descending) => {
            a.sort((x, y) => (String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0));
            return descending ? a.reverse() : a;
        },
        sortNumerical: (a, descending) => {
            a.sort((x, y) => H.number(x) - H.number(y));
            return descending ? a.reverse() : a;
        },
        splice: (a, offset, length, ...values) => { a.splice(offset, length, ...values.flat()); return a; },
        unshift: (a, value) => { a.unshift(value); return a; },
    });

    const hash = made('hash', {
        contains: (h, key) => (Object.hasOwn(h, key) ? 1 : 0),
        count: (h) => Object.keys(h).length,
        delete: (h, key) => { delete h[key]; return h; },
        empty: (h) => { Object.keys(h).forEach((key) => delete h[key]); return h; },
        keys: (h) => Object.keys(h),
        values: (h) => Object.values(h),
    });

    const mathematics = (random) => made('math', {
        acos: Math.acos, asin: Math.asin, atan: Math.atan, ceil: Math.ceil, cos: Math.cos, exp: Math.exp,
        fabs: Math.abs, floor: Math.floor, ln: Math.log, log: Math.log10, pow: Math.pow,
        random: (n) => Math.floor(random() * n), rint: Math.round, sin: Math.sin, sqrt: Math.sqrt, tan: Math.tan,
    });

    // ---- what a rule that waits gets in the place of what is not the same twice

    const RealDate = Date;
    const described = H.time() === null ? null : RealDate.parse(H.time());
    const present = described === null ? RealDate.now : () => described;
    const steadyDate = (now) => {
        const SteadyDate = function (...args) {
            if (!new.target) {
                return String(new RealDate(now()));
            }
            return args.length === 0 ? new RealDate(now()) : new RealDate(...args);
        };
        SteadyDate.now = now;
        SteadyDate.parse = RealDate.parse;
        SteadyDate.UTC = RealDate.UTC;
        SteadyDate.prototype = RealDate.prototype;
        return SteadyDate;
    };
    const now = journaled('Date.now', present);
    const steadyRandom = journaled('Math.random', Math.random);
    const SteadyMath = {};
    for (const name of Object.getOwnPropertyNames(Math)) {
        SteadyMath[name] = Math[name];
    }
    SteadyMath.random = steadyRandom;

    // Families without effects need no journal, except what is random in them.
    if (!tracing) {
        again.string = {...direct.string, randomBytes: again.string.randomBytes, encrypt: again.string.encrypt};
        again.json = direct.json;
    }

    const complete = (all, time, random) => {
        placeAtSetUp(all, 'sys.time', clock(time));
        all.lang = {...lang, warn: makers['lang.warn'](warn(all))};
        all.array = array;
        all.hash = hash;
        all.math = mathematics(random);
    };
    complete(direct, RealDate.now, Math.random);
    complete(again, now, steadyRandom);
    complete(patient, present, Math.random);
    again.Date = steadyDate(now);
    again.Math = SteadyMath;
    patient.Date = described === null ? RealDate : steadyDate(present);
    patient.Math = Math;

    for (const name of ['chr', 'ord', 'max', 'min']) {
        Object.defineProperty(globalThis, name, {value: lang[name]});
    }
    for (const family of Object.keys(direct)) {
        Object.defineProperty(globalThis, family, {value: direct[family], enumerable: true});
    }
    for (let i = 1; i <= 9; i++) {
        Object.defineProperty(globalThis, '$' + i, {get: () => H.group(i)});
    }

    for (const all of [direct, again, patient]) {
        for (const headers of [all.request.headers, all.response.headers]) {
            headers[Symbol.iterator] = () => headers.entries()[Symbol.iterator]();
        }
    }

    // ---- nothing is left that could be changed

    for (const name of ['eval', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry',
        'Graal', 'Polyglot', 'Java', 'Packages', 'load', 'print', 'printErr', 'console', 'ShadowRealm']) {
        delete globalThis[name];
    }

    // No object could be given a property by assignment that it inherits from a frozen one, `constructor` of a word count
    // least of all. So what rules may well assign becomes an accessor, which gives the object a property of its own.
    const {defineProperty, hasOwn} = Object;
    const assignableAtSetUp = (prototype, name) => {
        const {value, writable, enumerable} = Reflect.getOwnPropertyDescriptor(prototype, name);
        if (!writable) {
            return;
        }
        defineProperty(prototype, name, {
            get() {
                return value;
            },
            set(own) {
                if (this === prototype) {
                    throw new TypeError('Cannot assign to read only property ' + shown(name));
                }
                if (hasOwn(this, name)) {
                    this[name] = own;
                } else {
                    defineProperty(this, name, {value: own, writable: true, enumerable: true, configurable: true});
                }
            },
            enumerable,
        });
    };
    // The methods that programs call in their loops stay as they are, and the constructors that the engine itself looks for.
    const usual = ['toString', 'toLocaleString', 'valueOf', 'toJSON'];
    const ofPrimitives = [String, Number, Boolean, Symbol];
    const assignedAtSetUp = (object) => {
        const maker = hasOwn(object, 'constructor') ? object.constructor : undefined;
        if (typeof maker !== 'function' || maker.prototype !== object || ofPrimitives.includes(maker)) {
            return [];
        }
        if (maker === Object || object === Error.prototype || object instanceof Error) {
            return Object.getOwnPropertyNames(object);
        }
        return (Symbol.species in maker ? usual : ['constructor', ...usual]).filter((name) => hasOwn(object, name));
    };

    const seen = new Set();
    const freezeAtSetUp = (value) => {
        if (value === null || typeof value !== 'object' && typeof value !== 'function' || seen.has(value)) {
            return;
        }
        seen.add(value);
        let prototype;
        try {
            prototype = Reflect.getPrototypeOf(value);
        } catch (e) {
            return; // a function in Java, which has nothing that could be changed
        }
        assignedAtSetUp(value).forEach((name) => assignableAtSetUp(value, name));
        Object.freeze(value);
        freezeAtSetUp(prototype);
        const keys = Reflect.ownKeys(value);
        for (let i = 0; i < keys.length; i++) {
            if (typeof value === 'function' && (keys[i] === 'length' || keys[i] === 'name')) {
                continue;
            }
            const property = Reflect.getOwnPropertyDescriptor(value, keys[i]);
            freezeAtSetUp(property.value);
            freezeAtSetUp(property.get);
            freezeAtSetUp(property.set);
        }
    };
    const segments = new Intl.Segmenter().segment('');
    const hidden = [function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](),
        ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), 'a'.matchAll(/a/g),
        [].values().map((value) => value), Iterator.from({next() {}}), segments, segments[Symbol.iterator]()];
    freezeAtSetUp(globalThis);
    hidden.forEach(freezeAtSetUp);
    freezeAtSetUp(again);
    freezeAtSetUp(patient);

    // ---- how rules are run; one that has ended is over, whatever it was left by

    const leave = (e) => {
        if (e !== END && !H.ended()) {
            throw e;
        }
    };
    const ofAgain = parameters.map((name) => again[name]);
    const ofPatient = parameters.map((name) => patient[name]);
    const plain = (rule) => () => {
        try {
            rule();
        } catch (e) {
            leave(e);
        }
    };
    const waiting = (rule) => () => {
        try {
            rule(...ofAgain);
        } catch (e) {
            leave(e);
        }
    };
    const waitingAsync = (rule) => () => rule(...ofAgain);
    const pausing = (rule) => () => rule(...ofPatient);

    return {begin, plain, waiting, waitingAsync, pausing};
})
