package io.weir.brake;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads packages of its own, with a check of the {@link Brake} in every turn of a loop and at the
 * begin of every longer method, so that whatever they do can be ended. All other classes are those
 * of its parent. Safe for every thread.
 *
 * <p>A check leaves the stack as it is, so it may stand in front of any backward jump. Loops
 * written as a switch that jumps back are not found; compilers write none.
 */
public final class BrakedLoader extends ClassLoader {

    private static final ClassDesc BRAKE = ClassDesc.of(Brake.class.getName());
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.ofDescriptor("()V");

    /** Bytes of code from which on the begin of a method is checked, which ends deep recursions. */
    private static final int LONG_METHOD = 48;

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader origin;
    private final List<String> packages;
    private final ClassFile classFile;

    /** Where classes are made: their cost is none of the work that needs them first. */
    private final ExecutorService weaver =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("weir-class-weaver").factory());

    /**
     * @param packages beginnings of the names of classes that are braked, each with a dot at its
     *     end
     */
    public BrakedLoader(ClassLoader parent, List<String> packages) {
        super("braked", parent);
        this.origin = parent;
        this.packages = List.copyOf(packages);
        this.classFile =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(parent).cached()));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (packages.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] woven = away(() -> woven(name));
        return defineClass(name, woven, 0, woven.length, BrakedLoader.class.getProtectionDomain());
    }

    private byte[] away(Callable<byte[]> work) throws ClassNotFoundException {
        Future<byte[]> making = weaver.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return making.get();
                } catch (InterruptedException e) {
                    // A class that could not be found stays so for its users.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new ClassNotFoundException(String.valueOf(e.getCause()), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] woven(String name) throws IOException, ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = origin.getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassModel model = classFile.parse(in.readAllBytes());
            ClassTransform methods =
                    (builder, element) -> {
                        if (element instanceof MethodModel method && mayRunLong(method)) {
                            CodeTransform checks =
                                    CodeTransform.ofStateful(() -> new Checks(isLong(method)));
                            builder.transformMethod(
                                    method, MethodTransform.transformingCode(checks));
                        } else {
                            builder.with(element);
                        }
                    };
            return classFile.transformClass(model, methods);
        }
    }

    /** A class whose initialisation was ended would be of no use any more. */
    private static boolean mayRunLong(MethodModel method) {
        return method.code().isPresent() && !method.methodName().equalsString("<clinit>");
    }

    private static boolean isLong(MethodModel method) {
        return method.code().orElseThrow() instanceof CodeAttribute code
                && code.codeLength() >= LONG_METHOD;
    }

    /** Puts the checks into one method. */
    private static final class Checks implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();
        private final boolean atBegin;

        Checks(boolean atBegin) {
            this.atBegin = atBegin;
        }

        @Override
        public void atStart(CodeBuilder builder) {
            if (atBegin) {
                builder.invokestatic(BRAKE, "check", NOTHING);
            }
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            switch (element) {
                case LabelTarget target -> passed.add(target.label());
                case BranchInstruction jump when passed.contains(jump.target()) ->
                        builder.invokestatic(BRAKE, "check", NOTHING);
                default -> {}
            }
            builder.with(element);
        }
    }
}
