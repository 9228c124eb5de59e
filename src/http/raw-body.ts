import type { NextFunction, Request, Response } from 'express';

/** What `explainFailure` explains. */
type BodyFailure = Error & { status: number; type: string };

const failure = (status: number, type: string): BodyFailure => Object.assign(new Error(type), { status, type });

/**
 * Puts the bytes of the body, as they came, into `request.body`. Not express's own reader, for that answers a body that
 * is too large only when all of it has arrived. Nothing is inflated: signatures are over the bytes as they came.
 */
export function rawBody(limitBytes: number) {
  return (request: Request, _response: Response, next: NextFunction): unknown => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') return next(failure(415, 'encoding.unsupported'));
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) return next(failure(413, 'entity.too.large'));
    return gather(request, limitBytes, next);
  };
}

function gather(request: Request, limitBytes: number, next: NextFunction): void {
  let pieces: Buffer[] = [];
  let length = 0;
  let told = false;
  const tell = (error?: BodyFailure) => {
    if (told) return;
    told = true;
    if (!error) request.body = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length);
    pieces = [];
    next(error);
  };
  request.on('data', (piece: Buffer) => {
    length += piece.length;
    // What comes after is thrown away, until whoever sends it is cut off.
    if (length > limitBytes) tell(failure(413, 'entity.too.large'));
    else if (!told) pieces.push(piece);
  });
  request.on('end', () => tell());
  request.on('error', () => tell(failure(400, 'request.aborted')));
  request.on('close', () => tell(failure(400, 'request.aborted')));
}
