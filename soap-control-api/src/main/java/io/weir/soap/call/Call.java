package io.weir.soap.call;

import io.weir.control.RefusedException;
import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.StructValue;

import java.util.List;

/**
 * One call under way. Confined to one thread.
 *
 * @param arguments the values of the operation's own parts, in order; the location is gone
 * @param draft what the call is going to change
 */
public record Call(
        Api api,
        Operation operation,
        List<Object> arguments,
        Draft draft,
        Peer peer,
        Services services) {

    /** A parameter that is a text. */
    public String text(int index) {
        return (String) arguments.get(index);
    }

    /** A parameter that is a whole number. */
    public long number(int index) {
        return (Long) arguments.get(index);
    }

    /** A parameter that is a file's content. */
    public byte[] bytes(int index) {
        return (byte[]) arguments.get(index);
    }

    /** A parameter that is a list of texts. */
    @SuppressWarnings("unchecked")
    public List<String> texts(int index) {
        return (List<String>) arguments.get(index);
    }

    /** A parameter that is a list of lists of texts. */
    @SuppressWarnings("unchecked")
    public List<List<String>> lists(int index) {
        return (List<List<String>>) arguments.get(index);
    }

    /** A parameter that is a list of structures. */
    @SuppressWarnings("unchecked")
    public List<StructValue> structs(int index) {
        return (List<StructValue>) arguments.get(index);
    }

    /** A parameter that is a list of lists of structures. */
    @SuppressWarnings("unchecked")
    public List<List<StructValue>> structLists(int index) {
        return (List<List<StructValue>>) arguments.get(index);
    }

    /** The fault for what the façade refuses. */
    public SoapProblem refused(RefusedException refusal) {
        return Refusals.problem(refusal.problem(), draft);
    }

    /** A structure type of the interface by its name without that of the interface. */
    public SoapType.Struct type(String shortName) {
        return api.own(shortName);
    }
}
