package io.ratelimiter.service.limiter.redis.connection;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** Answers every name with one IPv4 address that may be cached for ten minutes. */
final class NameServer implements AutoCloseable {

  private static final int HEAD_BYTES = 12;
  private static final short ANSWER = (short) 0x8180;
  private static final short NAME_OF_QUESTION = (short) 0xC00C;
  private static final short A = 1;
  private static final short INTERNET = 1;
  private static final int CACHE_SECONDS = 600;

  private final DatagramSocket socket;
  private volatile InetAddress current;

  NameServer(InetAddress current) throws SocketException {
    this.current = current;
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("name-server").start(this::run);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Answers with this address from now on. */
  void moveTo(InetAddress address) {
    current = address;
  }

  private void run() {
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        packet.setLength(512);
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(packet.getData()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private byte[] answer(ByteBuffer query) {
    int nameEnd = HEAD_BYTES;
    while (query.get(nameEnd) != 0) {
      nameEnd += query.get(nameEnd) + 1;
    }
    short type = query.getShort(nameEnd + 1);
    byte[] question = new byte[nameEnd + 5 - HEAD_BYTES];
    query.get(HEAD_BYTES, question);
    ByteBuffer answer = ByteBuffer.allocate(512);
    short answers = type == A ? (short) 1 : 0;
    answer.putShort(query.getShort(0)).putShort(ANSWER).putShort((short) 1).putShort(answers);
    answer.putInt(0).put(question);
    if (type == A) {
      answer.putShort(NAME_OF_QUESTION).putShort(A).putShort(INTERNET).putInt(CACHE_SECONDS);
      answer.putShort((short) 4).put(current.getAddress());
    }
    byte[] bytes = new byte[answer.position()];
    answer.get(0, bytes);
    return bytes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
