const { createHash } = require('node:crypto');
const { stripTypeScriptTypes } = require('node:module');

/** Jest transform: removes types in place, so that lines and columns in stack traces stay true. */
module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  getCacheKey: (source, file) => createHash('sha256').update(source).update(file).update(process.version).digest('hex'),
};
