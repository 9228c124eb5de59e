import type { Express } from 'express';
import express from 'express';
import { numberSid, type World } from './state.ts';
import { notFound } from './twilio-error.ts';

/** The account itself, its number, and its messaging service: what they are, and where their messages go. */
export function serveSetup(app: Express, world: World, base: string): void {
  const { options } = world;
  const form = express.urlencoded({ extended: false });
  app.get(`${base}.json`, (_request, response) => {
    const { suspended, trial } = world.state;
    const status = suspended ? 'suspended' : 'active';
    response.json({ sid: options.accountSid, friendly_name: 'Acme', status, type: trial ? 'Trial' : 'Full' });
  });
  app.get(`${base}/IncomingPhoneNumbers.json`, (request, response) => {
    const wanted = request.query['PhoneNumber'] ?? options.number;
    response.json({ incoming_phone_numbers: wanted === options.number ? [numberView(world)] : [] });
  });
  app.post(`${base}/IncomingPhoneNumbers/:sid.json`, form, (request, response) => {
    if (request.params['sid'] !== numberSid(options)) throw notFound(request.path);
    const fields = request.body as Record<string, string>;
    world.state.number = {
      url: fields['SmsUrl'] ?? world.state.number.url,
      method: fields['SmsMethod'] ?? world.state.number.method,
      applicationSid: fields['SmsApplicationSid'] ?? world.state.number.applicationSid,
    };
    world.changed();
    response.json(numberView(world));
  });
  app.get(`${base}/SMS/ShortCodes.json`, (_request, response) => void response.json({ short_codes: [] }));
  serveService(app, world);
}

function serveService(app: Express, world: World): void {
  const form = express.urlencoded({ extended: false });
  app.get('/v1/Services/:sid', (request, response) => {
    if (request.params.sid !== world.options.serviceSid) throw notFound(request.path);
    response.json(serviceView(world));
  });
  app.get('/v1/Services/:sid/PhoneNumbers', (request, response) => {
    if (request.params.sid !== world.options.serviceSid) throw notFound(request.path);
    const { number } = world.options;
    response.json({
      phone_numbers: [{ sid: numberSid(world.options), phone_number: number }],
      meta: { next_page_url: null },
    });
  });
  app.post('/v1/Services/:sid', form, (request, response) => {
    if (request.params.sid !== world.options.serviceSid) throw notFound(request.path);
    const fields = request.body as Record<string, string>;
    const { service } = world.state;
    world.state.service = {
      url: fields['InboundRequestUrl'] ?? service.url,
      method: fields['InboundMethod'] ?? service.method,
      useNumbers:
        fields['UseInboundWebhookOnNumber'] === undefined
          ? service.useNumbers
          : fields['UseInboundWebhookOnNumber'] === 'true',
    };
    world.changed();
    response.json(serviceView(world));
  });
}

const numberView = ({ options, state }: World) => ({
  sid: numberSid(options),
  account_sid: options.accountSid,
  phone_number: options.number,
  sms_url: state.number.url,
  sms_method: state.number.method,
  sms_application_sid: state.number.applicationSid,
  capabilities: { voice: true, sms: true, mms: true, fax: false },
});

const serviceView = ({ options, state }: World) => ({
  sid: options.serviceSid,
  account_sid: options.accountSid,
  inbound_request_url: state.service.url,
  inbound_method: state.service.method,
  use_inbound_webhook_on_number: state.service.useNumbers,
});
