import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received } from '../channel.ts';
import { readers } from '../shared/messaging/readers.ts';
import { type Dialect, receiveMessaging } from '../shared/messaging/receive-messaging.ts';
import { readPublic } from './read-public.ts';

export const dialect: Dialect = { objects: ['instagram'], object: 'instagram', readers, readChange: readPublic };

export const receive = (request: VerifiedRequest): Received => receiveMessaging(request, dialect);
