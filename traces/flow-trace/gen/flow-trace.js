/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const anypin = $root.anypin = (() => {

    /**
     * Namespace anypin.
     * @exports anypin
     * @namespace
     */
    const anypin = {};

    anypin.Header = (function() {

        /**
         * Properties of a Header.
         * @typedef {Object} anypin.Header.$Properties
         * @property {number|null} [version] Header version
         * @property {number|null} [originSeconds] Header originSeconds
         * @property {number|null} [originNanoseconds] Header originNanoseconds
         * @property {string|null} [tool] Header tool
         * @property {Array.<string>|null} [source] Header source
         * @property {string|null} [durations] Header durations
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Header.
         * @memberof anypin
         * @interface IHeader
         * @augments anypin.Header.$Properties
         * @deprecated Use anypin.Header.$Properties instead.
         */

        /**
         * Shape of a Header.
         * @typedef {anypin.Header.$Properties} anypin.Header.$Shape
         */

        /**
         * Constructs a new Header.
         * @memberof anypin
         * @classdesc Represents a Header.
         * @constructor
         * @param {anypin.Header.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Header = function (properties) {
            this.source = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Header version.
         * @member {number} version
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.version = 0;

        /**
         * Header originSeconds.
         * @member {number} originSeconds
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.originSeconds = 0;

        /**
         * Header originNanoseconds.
         * @member {number} originNanoseconds
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.originNanoseconds = 0;

        /**
         * Header tool.
         * @member {string} tool
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.tool = "";

        /**
         * Header source.
         * @member {Array.<string>} source
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.source = $util.emptyArray;

        /**
         * Header durations.
         * @member {string} durations
         * @memberof anypin.Header
         * @instance
         */
        Header.prototype.durations = "";

        /**
         * Encodes the specified Header message. Does not implicitly {@link anypin.Header.verify|verify} messages.
         * @function encode
         * @memberof anypin.Header
         * @static
         * @param {anypin.Header.$Properties} message Header message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Header.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
            if (message.originSeconds != null && $Object.hasOwnProperty.call(message, "originSeconds") && !$Object.is(message.originSeconds, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.originSeconds);
            if (message.originNanoseconds != null && $Object.hasOwnProperty.call(message, "originNanoseconds") && message.originNanoseconds !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.originNanoseconds);
            if (message.tool != null && $Object.hasOwnProperty.call(message, "tool") && message.tool !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.tool);
            if (message.source != null && message.source.length)
                for (let i = 0; i < message.source.length; ++i)
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.source[i]);
            if (message.durations != null && $Object.hasOwnProperty.call(message, "durations") && message.durations !== "")
                writer.uint32(/* id 6, wireType 2 =*/50).string(message.durations);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Header message from the specified reader or buffer.
         * @function decode
         * @memberof anypin.Header
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {anypin.Header & anypin.Header.$Shape} Header
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Header.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.anypin.Header();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.originSeconds = value;
                        else
                            delete message.originSeconds;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.originNanoseconds = value;
                        else
                            delete message.originNanoseconds;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.tool = value;
                        else
                            delete message.tool;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.source && message.source.length))
                            message.source = [];
                        message.source.push(reader.stringVerify());
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.durations = value;
                        else
                            delete message.durations;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Header
         * @function getTypeUrl
         * @memberof anypin.Header
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Header.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/anypin.Header";
        };

        return Header;
    })();

    anypin.BlockSummary = (function() {

        /**
         * Properties of a BlockSummary.
         * @typedef {Object} anypin.BlockSummary.$Properties
         * @property {number|null} [rows] BlockSummary rows
         * @property {number|null} [firstId] BlockSummary firstId
         * @property {number|null} [firstStart] BlockSummary firstStart
         * @property {number|null} [lastStart] BlockSummary lastStart
         * @property {number|null} [lastEnd] BlockSummary lastEnd
         * @property {number|null} [payloadBytes] BlockSummary payloadBytes
         * @property {number|null} [packets] BlockSummary packets
         * @property {number|null} [midstream] BlockSummary midstream
         * @property {number|null} [backstep] BlockSummary backstep
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BlockSummary.
         * @memberof anypin
         * @interface IBlockSummary
         * @augments anypin.BlockSummary.$Properties
         * @deprecated Use anypin.BlockSummary.$Properties instead.
         */

        /**
         * Shape of a BlockSummary.
         * @typedef {anypin.BlockSummary.$Properties} anypin.BlockSummary.$Shape
         */

        /**
         * Constructs a new BlockSummary.
         * @memberof anypin
         * @classdesc Represents a BlockSummary.
         * @constructor
         * @param {anypin.BlockSummary.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BlockSummary = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BlockSummary rows.
         * @member {number} rows
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.rows = 0;

        /**
         * BlockSummary firstId.
         * @member {number} firstId
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.firstId = 0;

        /**
         * BlockSummary firstStart.
         * @member {number} firstStart
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.firstStart = 0;

        /**
         * BlockSummary lastStart.
         * @member {number} lastStart
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.lastStart = 0;

        /**
         * BlockSummary lastEnd.
         * @member {number} lastEnd
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.lastEnd = 0;

        /**
         * BlockSummary payloadBytes.
         * @member {number} payloadBytes
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.payloadBytes = 0;

        /**
         * BlockSummary packets.
         * @member {number} packets
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.packets = 0;

        /**
         * BlockSummary midstream.
         * @member {number} midstream
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.midstream = 0;

        /**
         * BlockSummary backstep.
         * @member {number} backstep
         * @memberof anypin.BlockSummary
         * @instance
         */
        BlockSummary.prototype.backstep = 0;

        /**
         * Encodes the specified BlockSummary message. Does not implicitly {@link anypin.BlockSummary.verify|verify} messages.
         * @function encode
         * @memberof anypin.BlockSummary
         * @static
         * @param {anypin.BlockSummary.$Properties} message BlockSummary message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BlockSummary.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rows);
            if (message.firstId != null && $Object.hasOwnProperty.call(message, "firstId") && !$Object.is(message.firstId, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.firstId);
            if (message.firstStart != null && $Object.hasOwnProperty.call(message, "firstStart") && !$Object.is(message.firstStart, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.firstStart);
            if (message.lastStart != null && $Object.hasOwnProperty.call(message, "lastStart") && !$Object.is(message.lastStart, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.lastStart);
            if (message.lastEnd != null && $Object.hasOwnProperty.call(message, "lastEnd") && !$Object.is(message.lastEnd, 0))
                writer.uint32(/* id 5, wireType 1 =*/41).double(message.lastEnd);
            if (message.payloadBytes != null && $Object.hasOwnProperty.call(message, "payloadBytes") && !$Object.is(message.payloadBytes, 0))
                writer.uint32(/* id 6, wireType 1 =*/49).double(message.payloadBytes);
            if (message.packets != null && $Object.hasOwnProperty.call(message, "packets") && !$Object.is(message.packets, 0))
                writer.uint32(/* id 7, wireType 1 =*/57).double(message.packets);
            if (message.midstream != null && $Object.hasOwnProperty.call(message, "midstream") && !$Object.is(message.midstream, 0))
                writer.uint32(/* id 8, wireType 1 =*/65).double(message.midstream);
            if (message.backstep != null && $Object.hasOwnProperty.call(message, "backstep") && !$Object.is(message.backstep, 0))
                writer.uint32(/* id 9, wireType 1 =*/73).double(message.backstep);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a BlockSummary message from the specified reader or buffer.
         * @function decode
         * @memberof anypin.BlockSummary
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {anypin.BlockSummary & anypin.BlockSummary.$Shape} BlockSummary
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BlockSummary.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.anypin.BlockSummary();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.rows = value;
                        else
                            delete message.rows;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.firstId = value;
                        else
                            delete message.firstId;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.firstStart = value;
                        else
                            delete message.firstStart;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.lastStart = value;
                        else
                            delete message.lastStart;
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.lastEnd = value;
                        else
                            delete message.lastEnd;
                        continue;
                    }
                case 6: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.payloadBytes = value;
                        else
                            delete message.payloadBytes;
                        continue;
                    }
                case 7: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.packets = value;
                        else
                            delete message.packets;
                        continue;
                    }
                case 8: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.midstream = value;
                        else
                            delete message.midstream;
                        continue;
                    }
                case 9: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.backstep = value;
                        else
                            delete message.backstep;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for BlockSummary
         * @function getTypeUrl
         * @memberof anypin.BlockSummary
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        BlockSummary.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/anypin.BlockSummary";
        };

        return BlockSummary;
    })();

    anypin.Block = (function() {

        /**
         * Properties of a Block.
         * @typedef {Object} anypin.Block.$Properties
         * @property {anypin.BlockSummary.$Properties|null} [summary] Block summary
         * @property {number|null} [timeUnit] Block timeUnit
         * @property {Uint8Array|null} [start] Block start
         * @property {Uint8Array|null} [duration] Block duration
         * @property {number|null} [clientsV4] Block clientsV4
         * @property {Uint8Array|null} [clientAddressesV4] Block clientAddressesV4
         * @property {Uint8Array|null} [clientAddressesV6] Block clientAddressesV6
         * @property {Uint8Array|null} [client] Block client
         * @property {Uint8Array|null} [clientPort] Block clientPort
         * @property {Uint8Array|null} [services] Block services
         * @property {Uint8Array|null} [service] Block service
         * @property {Uint8Array|null} [clientBytes] Block clientBytes
         * @property {Uint8Array|null} [serverBytes] Block serverBytes
         * @property {Uint8Array|null} [clientPackets] Block clientPackets
         * @property {Uint8Array|null} [serverPackets] Block serverPackets
         * @property {Uint8Array|null} [clientWire] Block clientWire
         * @property {Uint8Array|null} [serverWire] Block serverWire
         * @property {Uint8Array|null} [close] Block close
         * @property {Uint8Array|null} [signedStart] Block signedStart
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Block.
         * @memberof anypin
         * @interface IBlock
         * @augments anypin.Block.$Properties
         * @deprecated Use anypin.Block.$Properties instead.
         */

        /**
         * Shape of a Block.
         * @typedef {anypin.Block.$Properties} anypin.Block.$Shape
         */

        /**
         * Constructs a new Block.
         * @memberof anypin
         * @classdesc Represents a Block.
         * @constructor
         * @param {anypin.Block.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Block = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Block summary.
         * @member {anypin.BlockSummary.$Properties|null|undefined} summary
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.summary = null;

        /**
         * Block timeUnit.
         * @member {number} timeUnit
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.timeUnit = 0;

        /**
         * Block start.
         * @member {Uint8Array} start
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.start = $util.newBuffer([]);

        /**
         * Block duration.
         * @member {Uint8Array} duration
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.duration = $util.newBuffer([]);

        /**
         * Block clientsV4.
         * @member {number} clientsV4
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientsV4 = 0;

        /**
         * Block clientAddressesV4.
         * @member {Uint8Array} clientAddressesV4
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientAddressesV4 = $util.newBuffer([]);

        /**
         * Block clientAddressesV6.
         * @member {Uint8Array} clientAddressesV6
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientAddressesV6 = $util.newBuffer([]);

        /**
         * Block client.
         * @member {Uint8Array} client
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.client = $util.newBuffer([]);

        /**
         * Block clientPort.
         * @member {Uint8Array} clientPort
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientPort = $util.newBuffer([]);

        /**
         * Block services.
         * @member {Uint8Array} services
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.services = $util.newBuffer([]);

        /**
         * Block service.
         * @member {Uint8Array} service
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.service = $util.newBuffer([]);

        /**
         * Block clientBytes.
         * @member {Uint8Array} clientBytes
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientBytes = $util.newBuffer([]);

        /**
         * Block serverBytes.
         * @member {Uint8Array} serverBytes
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.serverBytes = $util.newBuffer([]);

        /**
         * Block clientPackets.
         * @member {Uint8Array} clientPackets
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientPackets = $util.newBuffer([]);

        /**
         * Block serverPackets.
         * @member {Uint8Array} serverPackets
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.serverPackets = $util.newBuffer([]);

        /**
         * Block clientWire.
         * @member {Uint8Array} clientWire
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.clientWire = $util.newBuffer([]);

        /**
         * Block serverWire.
         * @member {Uint8Array} serverWire
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.serverWire = $util.newBuffer([]);

        /**
         * Block close.
         * @member {Uint8Array} close
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.close = $util.newBuffer([]);

        /**
         * Block signedStart.
         * @member {Uint8Array} signedStart
         * @memberof anypin.Block
         * @instance
         */
        Block.prototype.signedStart = $util.newBuffer([]);

        /**
         * Encodes the specified Block message. Does not implicitly {@link anypin.Block.verify|verify} messages.
         * @function encode
         * @memberof anypin.Block
         * @static
         * @param {anypin.Block.$Properties} message Block message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Block.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.summary != null && $Object.hasOwnProperty.call(message, "summary"))
                $root.anypin.BlockSummary.encode(message.summary, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.timeUnit != null && $Object.hasOwnProperty.call(message, "timeUnit") && !$Object.is(message.timeUnit, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.timeUnit);
            if (message.start != null && $Object.hasOwnProperty.call(message, "start") && message.start.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.start);
            if (message.duration != null && $Object.hasOwnProperty.call(message, "duration") && message.duration.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.duration);
            if (message.clientsV4 != null && $Object.hasOwnProperty.call(message, "clientsV4") && message.clientsV4 !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.clientsV4);
            if (message.clientAddressesV4 != null && $Object.hasOwnProperty.call(message, "clientAddressesV4") && message.clientAddressesV4.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.clientAddressesV4);
            if (message.clientAddressesV6 != null && $Object.hasOwnProperty.call(message, "clientAddressesV6") && message.clientAddressesV6.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.clientAddressesV6);
            if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client.length)
                writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.client);
            if (message.clientPort != null && $Object.hasOwnProperty.call(message, "clientPort") && message.clientPort.length)
                writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.clientPort);
            if (message.services != null && $Object.hasOwnProperty.call(message, "services") && message.services.length)
                writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.services);
            if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service.length)
                writer.uint32(/* id 11, wireType 2 =*/90).bytes(message.service);
            if (message.clientBytes != null && $Object.hasOwnProperty.call(message, "clientBytes") && message.clientBytes.length)
                writer.uint32(/* id 12, wireType 2 =*/98).bytes(message.clientBytes);
            if (message.serverBytes != null && $Object.hasOwnProperty.call(message, "serverBytes") && message.serverBytes.length)
                writer.uint32(/* id 13, wireType 2 =*/106).bytes(message.serverBytes);
            if (message.clientPackets != null && $Object.hasOwnProperty.call(message, "clientPackets") && message.clientPackets.length)
                writer.uint32(/* id 14, wireType 2 =*/114).bytes(message.clientPackets);
            if (message.serverPackets != null && $Object.hasOwnProperty.call(message, "serverPackets") && message.serverPackets.length)
                writer.uint32(/* id 15, wireType 2 =*/122).bytes(message.serverPackets);
            if (message.clientWire != null && $Object.hasOwnProperty.call(message, "clientWire") && message.clientWire.length)
                writer.uint32(/* id 16, wireType 2 =*/130).bytes(message.clientWire);
            if (message.serverWire != null && $Object.hasOwnProperty.call(message, "serverWire") && message.serverWire.length)
                writer.uint32(/* id 17, wireType 2 =*/138).bytes(message.serverWire);
            if (message.close != null && $Object.hasOwnProperty.call(message, "close") && message.close.length)
                writer.uint32(/* id 18, wireType 2 =*/146).bytes(message.close);
            if (message.signedStart != null && $Object.hasOwnProperty.call(message, "signedStart") && message.signedStart.length)
                writer.uint32(/* id 19, wireType 2 =*/154).bytes(message.signedStart);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Block message from the specified reader or buffer.
         * @function decode
         * @memberof anypin.Block
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {anypin.Block & anypin.Block.$Shape} Block
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Block.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.anypin.Block();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.summary = $root.anypin.BlockSummary.decode(reader, reader.size(), $undefined, _depth + 1, message.summary);
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.timeUnit = value;
                        else
                            delete message.timeUnit;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start = value;
                        else
                            delete message.start;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.duration = value;
                        else
                            delete message.duration;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.clientsV4 = value;
                        else
                            delete message.clientsV4;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientAddressesV4 = value;
                        else
                            delete message.clientAddressesV4;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientAddressesV6 = value;
                        else
                            delete message.clientAddressesV6;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.client = value;
                        else
                            delete message.client;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientPort = value;
                        else
                            delete message.clientPort;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.services = value;
                        else
                            delete message.services;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.service = value;
                        else
                            delete message.service;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientBytes = value;
                        else
                            delete message.clientBytes;
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.serverBytes = value;
                        else
                            delete message.serverBytes;
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientPackets = value;
                        else
                            delete message.clientPackets;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.serverPackets = value;
                        else
                            delete message.serverPackets;
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.clientWire = value;
                        else
                            delete message.clientWire;
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.serverWire = value;
                        else
                            delete message.serverWire;
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.close = value;
                        else
                            delete message.close;
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signedStart = value;
                        else
                            delete message.signedStart;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Block
         * @function getTypeUrl
         * @memberof anypin.Block
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Block.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/anypin.Block";
        };

        return Block;
    })();

    anypin.Index = (function() {

        /**
         * Properties of an Index.
         * @typedef {Object} anypin.Index.$Properties
         * @property {Array.<anypin.Index.Entry.$Properties>|null} [blocks] Index blocks
         * @property {number|null} [connections] Index connections
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Index.
         * @memberof anypin
         * @interface IIndex
         * @augments anypin.Index.$Properties
         * @deprecated Use anypin.Index.$Properties instead.
         */

        /**
         * Shape of an Index.
         * @typedef {anypin.Index.$Properties} anypin.Index.$Shape
         */

        /**
         * Constructs a new Index.
         * @memberof anypin
         * @classdesc Represents an Index.
         * @constructor
         * @param {anypin.Index.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Index = function (properties) {
            this.blocks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Index blocks.
         * @member {Array.<anypin.Index.Entry.$Properties>} blocks
         * @memberof anypin.Index
         * @instance
         */
        Index.prototype.blocks = $util.emptyArray;

        /**
         * Index connections.
         * @member {number} connections
         * @memberof anypin.Index
         * @instance
         */
        Index.prototype.connections = 0;

        /**
         * Encodes the specified Index message. Does not implicitly {@link anypin.Index.verify|verify} messages.
         * @function encode
         * @memberof anypin.Index
         * @static
         * @param {anypin.Index.$Properties} message Index message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Index.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.blocks != null && message.blocks.length)
                for (let i = 0; i < message.blocks.length; ++i)
                    $root.anypin.Index.Entry.encode(message.blocks[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.connections != null && $Object.hasOwnProperty.call(message, "connections") && !$Object.is(message.connections, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.connections);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Index message from the specified reader or buffer.
         * @function decode
         * @memberof anypin.Index
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {anypin.Index & anypin.Index.$Shape} Index
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Index.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.anypin.Index();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.blocks && message.blocks.length))
                            message.blocks = [];
                        message.blocks.push($root.anypin.Index.Entry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.connections = value;
                        else
                            delete message.connections;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Index
         * @function getTypeUrl
         * @memberof anypin.Index
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Index.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/anypin.Index";
        };

        Index.Entry = (function() {

            /**
             * Properties of an Entry.
             * @typedef {Object} anypin.Index.Entry.$Properties
             * @property {number|null} [offset] Entry offset
             * @property {anypin.BlockSummary.$Properties|null} [summary] Entry summary
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Entry.
             * @memberof anypin.Index
             * @interface IEntry
             * @augments anypin.Index.Entry.$Properties
             * @deprecated Use anypin.Index.Entry.$Properties instead.
             */

            /**
             * Shape of an Entry.
             * @typedef {anypin.Index.Entry.$Properties} anypin.Index.Entry.$Shape
             */

            /**
             * Constructs a new Entry.
             * @memberof anypin.Index
             * @classdesc Represents an Entry.
             * @constructor
             * @param {anypin.Index.Entry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Entry = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Entry offset.
             * @member {number} offset
             * @memberof anypin.Index.Entry
             * @instance
             */
            Entry.prototype.offset = 0;

            /**
             * Entry summary.
             * @member {anypin.BlockSummary.$Properties|null|undefined} summary
             * @memberof anypin.Index.Entry
             * @instance
             */
            Entry.prototype.summary = null;

            /**
             * Encodes the specified Entry message. Does not implicitly {@link anypin.Index.Entry.verify|verify} messages.
             * @function encode
             * @memberof anypin.Index.Entry
             * @static
             * @param {anypin.Index.Entry.$Properties} message Entry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Entry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && !$Object.is(message.offset, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.offset);
                if (message.summary != null && $Object.hasOwnProperty.call(message, "summary"))
                    $root.anypin.BlockSummary.encode(message.summary, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Entry message from the specified reader or buffer.
             * @function decode
             * @memberof anypin.Index.Entry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {anypin.Index.Entry & anypin.Index.Entry.$Shape} Entry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Entry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.anypin.Index.Entry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.summary = $root.anypin.BlockSummary.decode(reader, reader.size(), $undefined, _depth + 1, message.summary);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Entry
             * @function getTypeUrl
             * @memberof anypin.Index.Entry
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Entry.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/anypin.Index.Entry";
            };

            return Entry;
        })();

        return Index;
    })();

    return anypin;
})();

export {
  $root as default
};
