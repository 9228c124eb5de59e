import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { strFromU8, unzipSync } from 'fflate';
import type { Answer } from './answer.ts';
import { notThere, ok, refuse } from './answer.ts';
import { makeId } from './ids.ts';
import { applyMetadata, type Metadata } from './metadata.ts';
import type { Deployment, Org } from './org.ts';

/** `POST /metadata/deployRequest`: a form with options and a zip. What it does is done at once; it is told bit by bit. */
export async function beginDeployment(org: Org, body: unknown, contentType: string): Promise<Answer> {
  const form = await formIn(body, contentType);
  const options = form?.get('entity_content');
  const file = form?.get('file');
  if (!form || !options || !(file instanceof Blob))
    return refuse(400, 'INVALID_MULTIPART_REQUEST', 'Multipart message must include entity_content and file');
  const { deployOptions } = JSON.parse(typeof options === 'string' ? options : await options.text()) as {
    deployOptions: { checkOnly?: boolean; singlePackage?: boolean };
  };
  const checkOnly = deployOptions.checkOnly === true;
  const read = deployOptions.singlePackage ? readZip(new Uint8Array(await file.arrayBuffer())) : noManifest;
  const problems = 'problems' in read ? read.problems : applyMetadata(org, read.metadata, checkOnly);
  const id = makeId('0Af', ++org.lastNumber);
  const total = 'problems' in read ? 0 : read.metadata.members.length;
  org.deployments.set(id, { id, checkOnly, total, problems, asked: 0 });
  return ok({ id, deployOptions, deployResult: { id, status: 'Pending', done: false } }, 201);
}

async function formIn(body: unknown, contentType: string): Promise<FormData | undefined> {
  if (!Buffer.isBuffer(body)) return undefined;
  const request = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
  return request.formData().catch(() => undefined);
}

/** `GET /metadata/deployRequest/{id}`: waiting, under way, and then how it ended. */
export function tellDeployment(org: Org, id: string): Answer {
  const deployment = org.deployments.get(id);
  if (!deployment) return notThere();
  deployment.asked++;
  return ok({ id, deployResult: resultOf(deployment) });
}

function resultOf({ id, checkOnly, total, problems, asked }: Deployment) {
  const common = { id, checkOnly, numberComponentsTotal: total, rollbackOnError: true };
  if (asked === 1)
    return {
      ...common,
      status: 'InProgress',
      done: false,
      success: false,
      numberComponentsDeployed: Math.floor(total / 2),
    };
  const success = problems.length === 0;
  return {
    ...common,
    status: success ? 'Succeeded' : 'Failed',
    done: true,
    success,
    numberComponentsDeployed: total - problems.length,
    numberComponentErrors: problems.length,
    details: { componentSuccesses: [], componentFailures: problems },
  };
}

type Problems = Deployment['problems'];
const problem = (componentType: string, fullName: string, text: string): Problems[number] => ({
  componentType,
  fullName,
  problem: text,
});

const noManifest = { problems: [problem('', 'package.xml', 'No package.xml found')] };
const listed = new Set([
  'members',
  'types',
  'fields',
  'fieldPermissions',
  'objectPermissions',
  'value',
  'recordCreates',
]);
const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => listed.has(name) || name === 'inputAssignments',
});

/** Folder and suffix of each type's files. */
const places: Record<string, (member: string) => string> = {
  CustomObject: (member) => `objects/${member}.object`,
  CustomField: (member) => `objects/${member.split('.')[0]}.object`,
  Flow: (member) => `flows/${member}.flow`,
  FlowDefinition: (member) => `flowDefinitions/${member}.flowDefinition`,
  PermissionSet: (member) => `permissionsets/${member}.permissionset`,
};

function readZip(zip: Uint8Array): { metadata: Metadata } | { problems: Problems } {
  const files = filesIn(zip);
  if (!files?.has('package.xml')) return noManifest;
  const broken = [...files].filter(([, xml]) => XMLValidator.validate(xml) !== true);
  if (broken.length > 0) return { problems: broken.map(([path]) => problem('', path, 'Error parsing file')) };
  const members = membersIn(files.get('package.xml')!);
  const problems = [...unknownTypes(members), ...absent(members, files), ...unlisted(members, files)];
  if (problems.length > 0) return { problems };
  const removed = membersIn(files.get('destructiveChangesPost.xml') ?? '<Package/>');
  const contents = new Map([...files].map(([path, xml]) => [path, rootOf(xml)]));
  return { metadata: { members, removed, contents } };
}

function filesIn(zip: Uint8Array): Map<string, string> | undefined {
  try {
    return new Map(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]));
  } catch {
    return undefined;
  }
}

const rootOf = (xml: string): Record<string, unknown> => {
  const { '?xml': _, ...root } = parser.parse(xml) as Record<string, unknown>;
  return Object.values(root)[0] as Record<string, unknown>;
};

function membersIn(xml: string): Metadata['members'] {
  const { types = [] } = rootOf(xml) as { types?: { name: string; members: string[] }[] };
  return (types ?? []).flatMap(({ name, members }) => members.map((fullName) => ({ type: name, fullName })));
}

const unknownTypes = (members: Metadata['members']): Problems =>
  members
    .filter(({ type }) => !places[type])
    .map(({ type, fullName }) => problem(type, fullName, `Unknown type name '${type}' specified in package.xml`));

const absent = (members: Metadata['members'], files: ReadonlyMap<string, string>): Problems =>
  members
    .filter(({ type, fullName }) => !files.has(places[type]?.(fullName) ?? ''))
    .map(({ type, fullName }) =>
      problem(
        type,
        fullName,
        `An object '${fullName}' of type ${type} was named in package.xml, but was not found in zipped directory`,
      ),
    );

function unlisted(members: Metadata['members'], files: ReadonlyMap<string, string>): Problems {
  const wanted = new Set([
    'package.xml',
    'destructiveChangesPost.xml',
    ...members.map(({ type, fullName }) => places[type]?.(fullName)),
  ]);
  return [...files.keys()]
    .filter((path) => !wanted.has(path))
    .map((path) => problem('', path, `The file ${path} is not named in package.xml`));
}
