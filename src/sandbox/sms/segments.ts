const gsm = /^[\n\r\f @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

/** How many segments Twilio counts, near enough: it tells the number as text. */
export function countSegments(text: string): number {
  const plain = gsm.test(text);
  const length = plain ? text.length + (text.match(/[\f^{}\\[~\]|€]/g)?.length ?? 0) : text.length;
  const [alone, each] = plain ? [160, 153] : [70, 67];
  return length <= alone ? 1 : Math.ceil(length / each);
}
