package io.vectorstream.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.Attributes;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.TlsChannelCredentials;
import io.vectorstream.config.HostPort;
import io.vectorstream.config.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The nodes of a Qdrant behind one channel. With several addresses, calls go to the connected nodes
 * in turn. A node whose connection breaks is left out until it is back, so the next call goes to
 * another one.
 */
final class Nodes {

  private static final DecompressorRegistry UNCOMPRESSED =
      DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);

  private static final String SCHEME = "vectorstream-qdrant";
  private static final Map<String, List<HostPort>> LISTS = new ConcurrentHashMap<>();

  static {
    NameResolverRegistry.getDefaultRegistry().register(new Provider());
  }

  private Nodes() {}

  /** Opens a channel; nothing is sent before the first call. */
  static ManagedChannel channel(Settings.Qdrant settings, ClientInterceptor... interceptors) {
    List<HostPort> nodes = settings.nodes();
    ManagedChannelBuilder<?> builder;
    if (nodes.size() == 1) {
      HostPort only = nodes.get(0);
      builder = Grpc.newChannelBuilderForAddress(only.host(), only.port(), credentials(settings));
      builder.keepAliveTime(30, TimeUnit.SECONDS);
    } else {
      String name = settings.address().replaceAll("[\\[\\] ]", "");
      LISTS.put(name, nodes);
      builder = Grpc.newChannelBuilder(SCHEME + ":///" + name, credentials(settings));
      builder.defaultLoadBalancingPolicy("round_robin");
      // A node that hangs delays every call sent to it until this time is over.
      builder.keepAliveTime(10, TimeUnit.SECONDS).keepAliveTimeout(5, TimeUnit.SECONDS);
    }
    return builder
        .maxInboundMessageSize(Integer.MAX_VALUE)
        // Qdrant compresses answers for a client that accepts it: three quarters of its time for
        // reading users, whose vectors get hardly smaller.
        .decompressorRegistry(UNCOMPRESSED)
        .intercept(interceptors)
        // PatientCalls tries again, and counts its tries.
        .disableRetry()
        .build();
  }

  private static ChannelCredentials credentials(Settings.Qdrant settings) {
    if (!settings.tls()) {
      return InsecureChannelCredentials.create();
    }
    String authorities = settings.resolvedCaCertificate();
    if (authorities.isEmpty()) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(new ByteArrayInputStream(authorities.getBytes(ISO_8859_1)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A gRPC resolver that returns the addresses of a list of nodes. */
  private static final class Resolver extends NameResolver {
    private final List<HostPort> nodes;
    private final Executor executor;
    private Listener2 listener;

    Resolver(List<HostPort> nodes, Executor executor) {
      this.nodes = nodes;
      this.executor = executor;
    }

    @Override
    public String getServiceAuthority() {
      return nodes.get(0).toString();
    }

    @Override
    public void start(Listener2 listener) {
      this.listener = listener;
      refresh();
    }

    @Override
    public void refresh() {
      executor.execute(this::resolve);
    }

    private void resolve() {
      List<EquivalentAddressGroup> found = new ArrayList<>();
      List<String> unknown = new ArrayList<>();
      for (HostPort node : nodes) {
        try {
          List<SocketAddress> addresses =
              Stream.of(InetAddress.getAllByName(node.host()))
                  .<SocketAddress>map(address -> new InetSocketAddress(address, node.port()))
                  .toList();
          // Each node shows a certificate for its own name.
          found.add(
              new EquivalentAddressGroup(
                  addresses,
                  Attributes.newBuilder()
                      .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, node.toString())
                      .build()));
        } catch (UnknownHostException e) {
          unknown.add(node.host());
        }
      }
      StatusOr<List<EquivalentAddressGroup>> result =
          found.isEmpty()
              ? StatusOr.fromStatus(
                  Status.UNAVAILABLE.withDescription(
                      "unknown hosts: " + String.join(", ", unknown)))
              : StatusOr.fromValue(found);
      listener.onResult(ResolutionResult.newBuilder().setAddressesOrError(result).build());
    }

    @Override
    public void shutdown() {
      // There is nothing to close.
    }
  }

  private static final class Provider extends NameResolverProvider {
    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return SCHEME.equals(target.getScheme())
          ? new Resolver(LISTS.get(target.getPath().substring(1)), args.getOffloadExecutor())
          : null;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      // Below that of DNS, which stays the default for names without a scheme.
      return 1;
    }
  }
}
