// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Heads of transparency logs on a chain that runs the EVM. A head is accepted only when the consistency proof of RFC 9162
/// section 2.1.4.2 shows that it extends the one before, so that no log can take back what it has told.
/// The EVM has no Ed25519: who may speak for a log is the account that began it, not the key of its notes.
contract CheckpointRegistry {
    struct Head {
        uint64 size;
        uint64 blockNumber;
        bytes32 root;
    }

    /// `log` is SHA-256 of the log's origin.
    mapping(bytes32 log => address) public ownerOf;
    mapping(bytes32 log => Head) public headOf;

    event Began(bytes32 indexed log, address owner);
    event Accepted(bytes32 indexed log, uint64 size, bytes32 root);
    event OwnerChanged(bytes32 indexed log, address owner);

    error Taken();
    error NotOwner();
    error NotNewer(uint64 size);
    error WrongProof();

    /// SHA-256 of nothing: the root of the empty tree.
    bytes32 private constant EMPTY = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    function begin(bytes32 log) external {
        if (ownerOf[log] != address(0)) revert Taken();
        ownerOf[log] = msg.sender;
        headOf[log].root = EMPTY;
        emit Began(log, msg.sender);
    }

    function changeOwner(bytes32 log, address owner) external {
        if (ownerOf[log] != msg.sender || owner == address(0)) revert NotOwner();
        ownerOf[log] = owner;
        emit OwnerChanged(log, owner);
    }

    function submit(bytes32 log, uint64 size, bytes32 root, bytes32[] calldata proof) external {
        if (ownerOf[log] != msg.sender) revert NotOwner();
        Head memory head = headOf[log];
        if (size <= head.size) revert NotNewer(head.size);
        if (!consistent(head.size, head.root, size, root, proof)) revert WrongProof();
        headOf[log] = Head(size, uint64(block.number), root);
        emit Accepted(log, size, root);
    }

    /// RFC 9162 section 2.1.4.2.
    function consistent(uint64 first, bytes32 firstRoot, uint64 second, bytes32 secondRoot, bytes32[] calldata proof)
        public
        pure
        returns (bool)
    {
        if (first > second) return false;
        if (first == second) return proof.length == 0 && firstRoot == secondRoot;
        if (first == 0) return proof.length == 0 && firstRoot == EMPTY;
        uint256 at = 0;
        bytes32 fr = firstRoot;
        if (first & (first - 1) != 0) {
            if (proof.length == 0) return false;
            fr = proof[0];
            at = 1;
        }
        bytes32 sr = fr;
        uint64 fn = first - 1;
        uint64 sn = second - 1;
        while (fn & 1 == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        for (; at < proof.length; ++at) {
            if (sn == 0) return false;
            bytes32 hash = proof[at];
            if (fn & 1 == 1 || fn == sn) {
                fr = node(hash, fr);
                sr = node(hash, sr);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = node(sr, hash);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr == firstRoot && sr == secondRoot;
    }

    /// Whether a leaf hash is in the accepted tree of a log: RFC 9162 section 2.1.3.2.
    function included(bytes32 log, uint64 index, bytes32 leaf, bytes32[] calldata proof) external view returns (bool) {
        Head memory head = headOf[log];
        if (index >= head.size) return false;
        uint64 fn = index;
        uint64 sn = head.size - 1;
        bytes32 hash = leaf;
        for (uint256 at = 0; at < proof.length; ++at) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = node(proof[at], hash);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = node(hash, proof[at]);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash == head.root;
    }

    function node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
