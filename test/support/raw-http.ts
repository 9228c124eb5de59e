import { connect } from 'node:net';

/** What is written to a connection, piece by piece: bytes, or a pause in milliseconds. */
export type Piece = string | Buffer | number;

/** Writes to a connection of its own as it is told and gives back what came, and after how many milliseconds it was closed. */
export function speakRaw(url: string, pieces: readonly Piece[]): Promise<{ answer: string; ms: number }> {
  const { hostname, port } = new URL(url);
  const startedAt = performance.now();
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  socket.on('error', () => undefined);
  void write(socket, pieces);
  return new Promise((told) => socket.on('close', () => told({ answer, ms: performance.now() - startedAt })));
}

async function write(socket: ReturnType<typeof connect>, pieces: readonly Piece[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (typeof piece === 'number') await new Promise((next) => setTimeout(next, piece));
    else socket.write(piece);
  }
}
