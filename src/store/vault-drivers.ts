import { FSDriver } from 'flydrive/drivers/fs';
import type { DriverContract } from 'flydrive/types';
import type { Secret } from '../kit/secret.ts';

/** A bucket at Amazon S3 or at anything that speaks like it. */
export interface S3Place {
  bucket: string;
  region: string;
  /** Absent: Amazon's own for the region. */
  endpoint?: string | undefined;
  /** The bucket in the path rather than in the host name, as MinIO wants it. */
  pathStyle: boolean;
  /** Absent: from the machine's role, the environment or the shared profile, as the SDK finds them. */
  accessKeyId?: string | undefined;
  secretAccessKey?: Secret | undefined;
}

export interface GcsPlace {
  bucket: string;
  /** A service account's key. Absent: the machine's own credentials. */
  keyFile?: string | undefined;
}

/** Where the vault is: in S3 or Google Cloud Storage if named, else in the folder. */
export interface VaultPlace {
  dir: string;
  s3?: S3Place | undefined;
  gcs?: GcsPlace | undefined;
}

/** The SDK of a cloud is loaded only when that cloud is configured. */
export async function openDriver({ dir, s3, gcs }: VaultPlace): Promise<DriverContract> {
  if (s3) return openS3(s3);
  if (gcs) return openGcs(gcs);
  return new FSDriver({ location: dir, visibility: 'private' });
}

async function openS3(place: S3Place): Promise<DriverContract> {
  const { S3Driver } = await installed(
    'media.s3',
    '@aws-sdk/client-s3 @aws-sdk/s3-request-presigner',
    () => import('flydrive/drivers/s3'),
  );
  const { bucket, region, endpoint, pathStyle, accessKeyId, secretAccessKey } = place;
  return new S3Driver({
    bucket,
    region,
    visibility: 'private',
    // Buckets made since 2023 refuse requests that name an ACL, and stores that are not Amazon's often know none.
    supportsACL: false,
    forcePathStyle: pathStyle,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
    // Stores that are not Amazon's do not all know the checksums newer SDKs add by themselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }
      : {}),
  });
}

async function openGcs({ bucket, keyFile }: GcsPlace): Promise<DriverContract> {
  const { GCSDriver } = await installed('media.gcs', '@google-cloud/storage@7', () => import('flydrive/drivers/gcs'));
  return new GCSDriver({ bucket, visibility: 'private', ...(keyFile ? { keyFilename: keyFile } : {}) });
}

/** Says what to do when a package that is installed on demand is not there. */
async function installed<Module>(setting: string, packages: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.endsWith('MODULE_NOT_FOUND')) throw error;
    throw new Error(`${setting} needs packages that are not installed; run: npm install ${packages}`);
  }
}
