import chatOf from '@salesforce/apex/PasserelleChatController.chatOf';
import language from '@salesforce/i18n/lang';
import timeZone from '@salesforce/i18n/timeZone';
import { api, LightningElement } from 'lwc';
import { conversationsIn, daysIn, webAddress, windowOf, windowsIn } from './chatModel';
import { wordsIn } from './words';

const page = 50;
const most = 200;
const everyMs = 30000;

/** The chat of a contact, or of the contact of a case, on its record page. */
export default class PasserelleChat extends LightningElement {
  /** Hours to answer by channel: `Messenger=24, WhatsApp=24`. */
  @api windows = 'Messenger=24, Instagram=24, WhatsApp=24';

  words = wordsIn(language);
  state = 'loading';
  why = '';
  hasMore = false;
  conversations = [];
  chosen;
  now = Date.now();

  _recordId;
  wanted = page;
  asked = 0;
  timer;

  @api get recordId() {
    return this._recordId;
  }
  set recordId(id) {
    this._recordId = id;
    this.wanted = page;
    this.chosen = undefined;
    if (this.timer !== undefined) this.load();
  }

  connectedCallback() {
    this.timer = setInterval(() => {
      this.now = Date.now();
    }, everyMs);
    this.load();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Only the answer to the latest question is shown. */
  async load() {
    this.asked += 1;
    const { asked } = this;
    this.state = this.conversations.length > 0 ? this.state : 'loading';
    try {
      const chat = await chatOf({ recordId: this._recordId, most: this.wanted });
      if (asked === this.asked) this.show(chat);
    } catch (error) {
      if (asked !== this.asked) return;
      this.conversations = [];
      this.why = error?.body?.message ?? '';
      this.state = 'failed';
    }
  }

  show({ said, more, hasContact }) {
    this.now = Date.now();
    this.conversations = conversationsIn(said);
    this.hasMore = more && this.wanted < most;
    this.state = hasContact ? (said.length > 0 ? 'shown' : 'empty') : 'noContact';
    if (!this.conversations.some(({ id }) => id === this.chosen)) this.chosen = this.conversations[0]?.id;
  }

  reload() {
    this.load();
  }

  showMore() {
    this.wanted = most;
    this.load();
  }

  choose(event) {
    this.chosen = event.currentTarget.dataset.id;
  }

  get isLoading() {
    return this.state === 'loading';
  }
  get isFailed() {
    return this.state === 'failed';
  }
  get isShown() {
    return this.state === 'shown';
  }
  get remark() {
    return { empty: this.words.empty, noContact: this.words.noContact }[this.state];
  }

  get conversation() {
    return this.conversations.find(({ id }) => id === this.chosen);
  }

  get hasSeveral() {
    return this.conversations.length > 1;
  }

  get choices() {
    return this.conversations.map(({ id, channel, said }) => {
      const current = id === this.chosen;
      return { id, label: channel || said.at(-1).author, current: current ? 'true' : 'false', look: `choice${current ? ' current' : ''}` };
    });
  }

  get window() {
    return this.conversation ? windowOf(this.conversation, windowsIn(this.windows), this.now) : { state: 'none' };
  }

  get windowText() {
    const { state, until, minutesLeft } = this.window;
    const words = this.words[state];
    if (typeof words === 'string') return words;
    const left = this.words.left(Math.floor((minutesLeft ?? 0) / 60), (minutesLeft ?? 0) % 60);
    return words(this.format(until, { dateStyle: 'short', timeStyle: 'short' }), left);
  }

  get windowLook() {
    return `window ${this.window.state}`;
  }

  get said() {
    const dayOf = (at) => this.format(at, { dateStyle: 'full' });
    return daysIn(this.conversation?.said ?? [], dayOf).map((message) => {
      const fromCustomer = message.direction === 'in';
      const ticket = webAddress(message.ticketUrl);
      return {
        ...message,
        author: message.author || (fromCustomer ? this.words.customer : this.words.company),
        time: message.sentAt ? this.format(message.sentAt, { timeStyle: 'short' }) : '',
        look: `said ${fromCustomer ? 'in' : 'out'}`,
        ticket,
      };
    });
  }

  format(at, options) {
    return new Intl.DateTimeFormat(language, { ...options, timeZone }).format(new Date(at));
  }
}
