package io.ratelimiter.service.limiter.redis;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** Knows one IPv4 address for every name, and says that it may be kept for ten minutes. */
final class NameServer implements AutoCloseable {

  private static final int HEAD_BYTES = 12;
  private static final short ANSWER = (short) 0x8180;
  private static final short SAME_NAME_AS_ASKED = (short) 0xC00C;
  private static final short A = 1;
  private static final short INTERNET = 1;
  private static final int KEEP_SECONDS = 600;

  private final DatagramSocket socket;
  private volatile InetAddress known;

  NameServer(InetAddress known) throws SocketException {
    this.known = known;
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("name-server").start(this::run);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** From now on that is what every name means. */
  void moveTo(InetAddress address) {
    known = address;
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
      answer.putShort(SAME_NAME_AS_ASKED).putShort(A).putShort(INTERNET).putInt(KEEP_SECONDS);
      answer.putShort((short) 4).put(known.getAddress());
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
