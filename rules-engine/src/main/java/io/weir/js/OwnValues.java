package io.weir.js;

import java.util.List;

/**
 * The functions that the prelude makes, which act on the rule's own values. A parameter called
 * {@code array} has to be an array, one called {@code hash} an object.
 */
final class OwnValues {

    static final List<Signature> FUNCTIONS =
            """
            array.append(array, more)
            array.contains(array, value)
            array.copy(array)
            array.create(size, [value])
            array.filter(array, regex, [flags])
            array.join(array, [separator])
            array.length(array)
            array.pop(array)
            array.push(array, value)
            array.resize(array, size, [value])
            array.reverse(array)
            array.shift(array)
            array.sort(array, [descending])
            array.sortNumerical(array, [descending])
            array.splice(array, offset, length, values…)
            array.unshift(array, value)
            hash.contains(hash, key)
            hash.count(hash)
            hash.delete(hash, key)
            hash.empty(hash)
            hash.keys(hash)
            hash.values(hash)
            lang.assert(condition, message)
            lang.chr(number)
            lang.dump(value)
            lang.isarray(value)
            lang.ishash(value)
            lang.max(value, more…)
            lang.min(value, more…)
            lang.ord(text)
            lang.toArray(values…)
            lang.toDouble(value)
            lang.toHash(pairs…)
            lang.toInt(value)
            lang.toString(value)
            lang.tochar(number)
            lang.warn(message)
            math.acos(x)
            math.asin(x)
            math.atan(x)
            math.ceil(x)
            math.cos(x)
            math.exp(x)
            math.fabs(x)
            math.floor(x)
            math.ln(x)
            math.log(x)
            math.pow(x, y)
            math.random(limit)
            math.rint(x)
            math.sin(x)
            math.sqrt(x)
            math.tan(x)
            sys.time()
            sys.time.highres()
            sys.time.hour([time])
            sys.time.minutes([time])
            sys.time.month([time])
            sys.time.monthday([time])
            sys.time.seconds([time])
            sys.time.weekday([time])
            sys.time.year([time])
            sys.time.yearday([time])
            """
                    .lines()
                    .map(Signature::parse)
                    .toList();

    private OwnValues() {}
}
