import { strToU8, zipSync } from 'fflate';
import { type Component, type ComponentType, componentTypes } from './components.ts';

const namespace = 'http://soap.sforce.com/2006/04/metadata';
const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

const folders: Record<Exclude<ComponentType, 'CustomField'>, { folder: string; suffix: string }> = {
  CustomObject: { folder: 'objects', suffix: 'object' },
  Flow: { folder: 'flows', suffix: 'flow' },
  PermissionSet: { folder: 'permissionsets', suffix: 'permissionset' },
};

/**
 * The files of a deployment, by path: the Metadata API wants an object and its fields in one file, where the source package has
 * one for each (Metadata API Developer Guide, "Sample package.xml Manifest Files").
 */
export function bundleOf(components: readonly Component[], version: string): Map<string, string> {
  const files = new Map([['package.xml', manifest(components, version)]]);
  for (const component of components) {
    if (component.type === 'CustomObject' || component.type === 'CustomField') continue;
    const { folder, suffix } = folders[component.type];
    files.set(`${folder}/${component.fullName}.${suffix}`, element(component.type, component.inner));
  }
  for (const object of objectsIn(components)) files.set(`objects/${object}.object`, objectFile(object, components));
  return files;
}

export const zipOf = (files: ReadonlyMap<string, string>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries([...files].map(([path, text]) => [path, strToU8(text)]))));

const element = (name: string, inner: string): string => `${head}<${name} xmlns="${namespace}">\n${inner}</${name}>\n`;

export const objectOf = ({ fullName }: Component): string => fullName.split('.')[0]!;

const objectsIn = (components: readonly Component[]): Set<string> =>
  new Set(components.filter(({ type }) => type === 'CustomObject' || type === 'CustomField').map(objectOf));

function objectFile(object: string, components: readonly Component[]): string {
  const own = components.find(({ type, fullName }) => type === 'CustomObject' && fullName === object);
  const fields = components
    .filter((each) => each.type === 'CustomField' && objectOf(each) === object)
    .map(({ inner }) => `    <fields>\n${inner.replace(/^(?=.)/gm, '    ')}    </fields>\n`);
  return element('CustomObject', `${fields.join('')}${own?.inner ?? ''}`);
}

/** What is in the bundle; an object of Salesforce's own is not, only its fields are. */
function manifest(components: readonly Component[], version: string): string {
  const types = componentTypes.flatMap((type) => {
    const members = components.filter((each) => each.type === type).map(({ fullName }) => fullName);
    return members.length > 0 ? [typeElement(type, members)] : [];
  });
  return element('Package', `${types.join('')}    <version>${version}</version>\n`);
}

const typeElement = (type: string, members: readonly string[]): string =>
  `    <types>\n${members
    .toSorted()
    .map((member) => `        <members>${member}</members>\n`)
    .join('')}        <name>${type}</name>\n    </types>\n`;

/** What takes the flow out of use and the permission set away. Fields and objects stay: they hold what was written. */
export function removalOf(components: readonly Component[], version: string): Map<string, string> {
  const flows = components.filter(({ type }) => type === 'Flow').map(({ fullName }) => fullName);
  const sets = components.filter(({ type }) => type === 'PermissionSet').map(({ fullName }) => fullName);
  const inactive = '    <activeVersionNumber>0</activeVersionNumber>\n';
  return new Map([
    ['package.xml', element('Package', `${typeElement('FlowDefinition', flows)}    <version>${version}</version>\n`)],
    ['destructiveChangesPost.xml', element('Package', typeElement('PermissionSet', sets))],
    ...flows.map((name): [string, string] => [
      `flowDefinitions/${name}.flowDefinition`,
      element('FlowDefinition', inactive),
    ]),
  ]);
}
