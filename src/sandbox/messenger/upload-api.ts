import { invalid } from './graph-error.ts';
import { newNumericId, store, type World } from './state.ts';

const largest = { image: 8 * 1024 * 1024, other: 25 * 1024 * 1024 };
const uploadTypes = ['image', 'video', 'audio', 'file'];

/** POST /{page}/message_attachments as multipart: `message` as JSON, `filedata` as a file. */
export async function acceptUpload(
  world: World,
  contentType: string,
  body: unknown,
): Promise<{ attachment_id: string }> {
  const form = await formOf(contentType, body);
  const type = typeOf(form.get('message'));
  const file = form.get('filedata');
  if (file === null || typeof file === 'string') throw invalid('Param filedata must be a file', 2018047);
  checkFile(type, file);
  const bytes = Buffer.from(await file.arrayBuffer());
  const stored = store(world.state, { name: file.name, contentType: file.type, bytes });
  const id = newNumericId();
  world.state.uploads.set(id, { type, file: stored });
  return { attachment_id: id };
}

async function formOf(contentType: string, body: unknown): Promise<FormData> {
  if (!Buffer.isBuffer(body)) throw invalid('The body must be multipart/form-data');
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw invalid('The multipart body cannot be read');
  }
}

function typeOf(message: unknown): string {
  const type = attachmentType(message);
  if (!uploadTypes.includes(type)) {
    throw invalid(`Param message[attachment][type] must be one of {${uploadTypes.join(', ')}}`);
  }
  return type;
}

function attachmentType(message: unknown): string {
  try {
    return String((JSON.parse(String(message)) as { attachment?: { type?: unknown } }).attachment?.type);
  } catch {
    throw invalid('Param message must be JSON');
  }
}

function checkFile(type: string, file: File): void {
  if (file.size === 0) throw invalid('The file is empty', 2018047);
  if (type !== 'file' && !file.type.startsWith(`${type}/`)) {
    throw invalid(`The file is not of the type ${type}`, 2018047);
  }
  if (file.size > (type === 'image' ? largest.image : largest.other)) throw invalid('The file is too large', 2018109);
}
