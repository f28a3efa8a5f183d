// Two validators of FHIR R4 from npm, on resources from stdin, one a line: what each says of it, one line of JSON each.
'use strict';

const readline = require('readline');
const { Fhir } = require('fhir');
const JSONSchemaValidator = require('@asymmetrik/fhir-json-schema-validator');

const byRules = new Fhir();
const bySchema = new JSONSchemaValidator();

function judge(resource) {
  const { messages } = byRules.validate(resource, { errorOnUnexpected: true });
  const errors = messages.filter((message) => message.severity === 'error');
  return {
    'fhir (npm)': errors.map((message) => `${message.location}: ${message.message}`),
    'json schema': bySchema.validate(resource).map((error) => `${error.dataPath}: ${error.message}`),
  };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(JSON.stringify(judge(JSON.parse(line))));
});
