package io.weir.soap.cxf;

import org.apache.cxf.Bus;
import org.apache.cxf.binding.soap.Soap11;
import org.apache.cxf.binding.soap.SoapBindingFactory;
import org.apache.cxf.binding.soap.model.SoapBindingInfo;
import org.apache.cxf.binding.soap.model.SoapOperationInfo;
import org.apache.cxf.service.model.BindingInfo;
import org.apache.cxf.service.model.BindingOperationInfo;
import org.apache.cxf.service.model.OperationInfo;
import org.apache.cxf.service.model.ServiceInfo;
import org.jspecify.annotations.Nullable;

import javax.xml.namespace.QName;

/**
 * SOAP 1.1 without a description. CXF's own factory describes what it binds in objects of WSDL, for
 * which it makes classes at run time; here nobody asks CXF for a description, and the first call
 * need not wait for one.
 */
final class PlainSoapBinding extends SoapBindingFactory {

    PlainSoapBinding(Bus bus) {
        super(bus);
    }

    @Override
    public BindingInfo createBindingInfo(
            ServiceInfo service, String namespace, @Nullable Object configuration) {
        SoapBindingInfo info = new SoapBindingInfo(service, namespace, Soap11.getInstance());
        info.setName(new QName(service.getName().getNamespaceURI(), "Plain"));
        info.setTransportURI("http://schemas.xmlsoap.org/soap/http");
        info.setStyle("document");
        for (OperationInfo operation : service.getInterface().getOperations()) {
            BindingOperationInfo bound =
                    info.buildOperation(
                            operation.getName(),
                            operation.getInputName(),
                            operation.getOutputName());
            SoapOperationInfo soap = new SoapOperationInfo();
            soap.setAction("");
            soap.setStyle("document");
            bound.addExtensor(soap);
            info.addOperation(bound);
        }
        return info;
    }
}
