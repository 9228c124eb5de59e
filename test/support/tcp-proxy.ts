import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What happens to connections through the proxy. `passes`: bytes flow. `refuses`: as if nobody listened; open ones are
 * reset. `hangs`: connections are taken and kept, and not a byte moves either way, as when a cable is cut.
 */
export type ProxyMood = 'passes' | 'refuses' | 'hangs';

export interface TcpProxy {
  port: number;
  become(mood: ProxyMood): void;
  /** Resets every open connection, and goes on as before. */
  resetAll(): void;
  close(): Promise<void>;
}

/** A proxy on 127.0.0.1 between the service and what it depends on. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mood: ProxyMood = 'passes';
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (mood === 'refuses') return void near.resetAndDestroy();
    const far = keep(connect(target));
    joinSockets(near, far);
    joinSockets(far, near);
    if (mood === 'hangs') for (const socket of [near, far]) socket.pause();
  });
  const resetAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    become: (next) => {
      mood = next;
      if (mood === 'refuses') resetAll();
      for (const socket of sockets) mood === 'hangs' ? socket.pause() : socket.resume();
    },
    resetAll,
    close: async () => {
      resetAll();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function joinSockets(from: Socket, to: Socket): void {
  from.on('data', (bytes) => to.write(bytes));
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}
