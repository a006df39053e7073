import errno

import pytest
import torch

from engine.device_errors import first_line, lost, of_the_card, out_of_memory
from engine.errors import EngineError

ASSERT = "CUDA error: device-side assert triggered\nCUDA kernel errors might be reported later."
KERNEL = "CUDA error: no kernel image is available for execution on the device"
CASES = [  # error, out of memory, lost
    (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True, False),
    (MemoryError(), True, False),
    (RuntimeError("MPS backend out of memory (MPS allocated: 9.0 GB)"), True, False),
    (RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: "
                  "you tried to allocate 400000000000 bytes."), True, False),
    (torch.AcceleratorError("CUDA error: out of memory"), True, False),
    (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), True, False),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), True, False),
    (torch.AcceleratorError(ASSERT), False, True),
    (RuntimeError("Triton Error [CUDA]: an illegal memory access was encountered"), False, True),
    (RuntimeError("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling cublasSgemm"), False,
     True),
    (torch.AcceleratorError(KERNEL), False, False),
    (RuntimeError("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)"), False, False),
    (OSError(errno.ENOSPC, "No space left on device"), False, False),
    (ValueError("out of memory is only said"), False, False),
]  # fmt: skip


@pytest.mark.parametrize(("error", "full", "gone"), CASES)
def test_what_an_error_says_of_the_device(error, full, gone):
    assert (out_of_memory(error), lost(error)) == (full, gone)


@pytest.mark.parametrize(("error", "full", "gone"), CASES)
def test_what_was_made_of_it_says_the_same(error, full, gone):
    with pytest.raises(EngineError) as raised:
        try:
            raise error
        except Exception as cause:
            raise EngineError("The model cannot be loaded.") from cause
    assert (out_of_memory(raised.value), lost(raised.value)) == (full, gone)


def test_a_missing_kernel_is_the_cards_and_no_loss():
    error = torch.AcceleratorError(KERNEL)
    assert of_the_card(error) and not lost(error)
    assert not of_the_card(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_torch_on_the_cpu_says_so_in_these_very_words():
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60, dtype=torch.uint8)
    assert out_of_memory(raised.value)


def test_the_first_line_of_it():
    assert first_line(torch.AcceleratorError(ASSERT)) == "CUDA error: device-side assert triggered"
    assert first_line(MemoryError()) == "MemoryError"
