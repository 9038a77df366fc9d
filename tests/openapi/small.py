"""A document that has one of everything, for tests."""

from __future__ import annotations

import yaml
from adapter.openapi.document import Document

SMALL = Document(
    yaml.load(
        """
openapi: 3.0.3
info: {title: small, version: 1.2.3}
paths:
  /things:
    parameters:
      - {name: shared, in: query, schema: {type: string}}
    get:
      operationId: thingsList
      parameters:
        - $ref: '#/components/parameters/page'
        - {name: owner, in: query, schema: {type: string, format: uuid}}
      responses:
        '200': {$ref: '#/components/responses/Things'}
        '404': {description: none}
    post:
      operationId: thingsCreate
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '201':
          description: made
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  /things/{uuid}:
    delete:
      operationId: thingsDestroy
      responses: {'204': {description: gone}}
components:
  parameters:
    page: {name: page, in: query, schema: {type: integer}}
  responses:
    Things: {description: all, content: {'application/json; charset=utf-8': {schema: {type: array}}}}
  schemas:
    Colour: {type: string, enum: [red, green]}
    Reference:
      type: object
      required: [uuid, url]
      properties:
        uuid: {type: string, format: uuid}
        url: {type: string, format: uri, readOnly: true}
    Address:
      type: object
      properties:
        city: {type: string, maxLength: 5}
        number: {type: integer, minimum: 1, maximum: 99, nullable: true}
        code: {type: string, pattern: '^[0-9]{4}$'}
    Base:
      type: object
      required: [uuid, kind, name]
      properties:
        uuid: {type: string, format: uuid, readOnly: true}
        kind: {allOf: [{$ref: '#/components/schemas/Kind'}], description: which}
        name: {type: string, maxLength: 10}
        active: {type: boolean}
        secret: {type: boolean, nullable: true}
        colour: {$ref: '#/components/schemas/Colour'}
        birthday: {type: string, format: date, nullable: true}
        seen: {type: string, format: date-time}
        site: {type: string, format: uri, maxLength: 30}
        email: {type: string, format: email}
        weight: {type: number}
        owner:
          allOf: [{$ref: '#/components/schemas/Reference'}]
          nullable: true
        friends: {type: array, items: {$ref: '#/components/schemas/Reference'}}
        tags: {type: array, items: {type: string, maxLength: 3}}
        notes: {type: object, additionalProperties: {type: string, maxLength: 4}}
        address: {$ref: '#/components/schemas/Address'}
    Kind: {type: string, enum: [cat, dog]}
    Cat:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          properties:
            details: {type: object, required: [lives], properties: {lives: {type: integer}}}
    Dog:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          properties:
            details: {type: object, properties: {breed: {type: string}}}
    Thing:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}
    Loop: {$ref: '#/components/schemas/Nowhere'}
""",
        Loader=yaml.CSafeLoader,
    )
)
