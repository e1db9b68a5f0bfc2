for (const [time, decision] of [
    ['2026-11-27T09:00:00', 'continue'], ['2026-11-27T17:59:59', 'continue'],
    ['2026-11-27T08:59:59', 'discard'], ['2026-11-27T18:00:00', 'discard'],
    ['2026-11-28T12:00:00', 'discard'], ['2026-11-29T12:00:00', 'discard'],
]) {
    test(time, () => expect(run({time}).decision).is(decision));
}
