package io.vectorstream.config;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * A secret that is somewhere else: what carries this carries no secret. {@link #get} returns it, in
 * whichever process that is called.
 */
@FunctionalInterface
public interface KeptSecret extends Supplier<Secret>, Serializable {}
